// Certificates good and bad, made with the openssl program: an authority, and what a receiver may present.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const configuration = `
[ca]
default_ca = authority
[authority]
database = index.txt
serial = serial
new_certs_dir = issued
default_md = sha256
policy = any
copy_extensions = copy
unique_subject = no
[any]
commonName = supplied
[intermediate]
basicConstraints = critical,CA:TRUE
[receiver]
subjectAltName = DNS:localhost
[elsewhere]
subjectAltName = DNS:elsewhere.example
`;

const past = ['20200101000000Z', '20210101000000Z'];
const now = ['20200101000000Z', '20490101000000Z'];
const future = ['20480101000000Z', '20490101000000Z'];

export function makeCertificates(folder) {
  const openssl = (...args) => execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const read = (name) => readFileSync(path.join(folder, name));
  mkdirSync(path.join(folder, 'issued'));
  writeFileSync(path.join(folder, 'index.txt'), '');
  writeFileSync(path.join(folder, 'serial'), '1000\n');
  writeFileSync(path.join(folder, 'ca.cnf'), configuration);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=Test authority',
    '-addext', 'basicConstraints=critical,CA:TRUE');
  openssl('req', '-x509', ...key, '-keyout', 'self.key', '-out', 'self.pem', '-days', '2', '-subj', '/CN=localhost',
    '-addext', 'subjectAltName=DNS:localhost');

  const issue = (name, extensions, [from, until], by = 'ca') => {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    openssl('ca', '-batch', '-config', 'ca.cnf', '-extensions', extensions, '-cert', `${by}.pem`, '-keyfile', `${by}.key`,
      '-in', `${name}.csr`, '-out', `${name}.pem`, '-notext', '-startdate', from, '-enddate', until);
    return { key: read(`${name}.key`), cert: read(`${name}.pem`) };
  };
  issue('intermediate', 'intermediate', now);
  return {
    caFile: path.join(folder, 'ca.pem'),
    good: issue('good', 'receiver', now),
    expired: issue('expired', 'receiver', past),
    notYetValid: issue('early', 'receiver', future),
    wrongName: issue('wrong', 'elsewhere', now),
    withoutItsIntermediate: issue('leaf', 'receiver', now, 'intermediate'),
    selfSigned: { key: read('self.key'), cert: read('self.pem') },
  };
}
