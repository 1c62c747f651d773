// A real mail server in a process of its own.
import path from 'node:path';

import { makeCertificates } from './certificates.mjs';
import { eventually } from './eventually.mjs';
import { Process, root, temporaryFolder } from './shakehook.mjs';

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
