// An authority and a certificate of it, made with the openssl program.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

// Makes both in the folder, the certificate for `names` and so many days (-1: it has expired). Returns the files' names: the
// authority's certificate, and the server's certificate and key.
export function makeCertificates(folder, names = 'DNS:localhost', { days = 2 } = {}) {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2',
    '-subj', '/CN=Test authority', '-addext', 'basicConstraints=critical,CA:TRUE');
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=server');
  writeFileSync(path.join(folder, 'names.cnf'), `subjectAltName=${names}\n`);
  openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', `${days}`,
    '-extfile', 'names.cnf', '-out', 'server.pem');
  return { ca: path.join(folder, 'ca.pem'), key: path.join(folder, 'server.key'), cert: path.join(folder, 'server.pem') };
}
