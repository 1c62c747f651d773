// A real mail server in a process of its own, and the certificates that it needs.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { eventually } from './eventually.mjs';
import { Process, root, temporaryFolder } from './shakehook.mjs';

// An authority and a certificate of it for `names`, made with the openssl program. Returns the names of the files.
export function makeCertificates(folder, names = 'DNS:localhost') {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2',
    '-subj', '/CN=Test authority', '-addext', 'basicConstraints=critical,CA:TRUE');
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=server');
  writeFileSync(path.join(folder, 'names.cnf'), `subjectAltName=${names}\n`);
  openssl('x509', '-req', '-in', 'server.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2',
    '-extfile', 'names.cnf', '-out', 'server.pem');
  return { ca: path.join(folder, 'ca.pem'), key: path.join(folder, 'server.key'), cert: path.join(folder, 'server.pem') };
}

export class MailServer {
  // Options: `starttls`, `user` and `password` (a login is needed), `mechanisms`, `names` of its certificate. A recipient
  // that begins with "refused" is refused.
  static async start(test, { names, ...options } = {}) {
    const server = new MailServer();
    server.folder = await temporaryFolder(test);
    server.files = makeCertificates(server.folder, names);
    const { key, cert } = server.files;
    const given = JSON.stringify({ ...options, key, cert });
    server.process = new Process('/usr/bin/python3', ['-u', path.join(root, 'tests/harness/mail_server.py'), given]);
    test.after(() => server.process.end('SIGKILL'));
    server.port = Number((await server.process.says(/^listening (\d+)$/m))[1]);
    return server;
  }

  mails() {
    const lines = this.process.output.split('\n').slice(0, -1);
    return lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  }

  // Waits for so many e-mails in all, and gives them.
  async received(count, msMax) {
    await eventually(() => this.mails().length >= count, `${count} e-mails`, msMax, () => this.process.errors);
    return this.mails();
  }
}
