// nginx, which answers every delivery with 204; and wrk straight at it, the yardstick of a run.
import fs from 'node:fs';
import path from 'node:path';
import { freePort, run, sleep, start, stop, until } from './process.mjs';

const program = ['/usr/sbin/nginx', '/usr/bin/nginx'].find((file) => fs.existsSync(file)) ?? 'nginx';
const yardstickSeconds = 4;
const yardstickConnections = 64;

export class Nginx {
  // `addresses`: where it listens, on one port; `tls`: with the folder's certificate.
  constructor(folder, { addresses = ['127.0.0.1'], tls = false } = {}) {
    this.folder = folder;
    this.addresses = addresses;
    this.tls = tls;
  }

  async start() {
    fs.mkdirSync(this.folder, { recursive: true });
    this.port ??= await freePort();
    this.countPort ??= await freePort();
    const listen = this.addresses.map((address) =>
      `listen ${address}:${this.port}${this.tls ? ' ssl' : ''} backlog=4096;`);
    if (this.tls) {
      await this.#makeCertificate();
      listen.push('ssl_certificate cert.pem;', 'ssl_certificate_key key.pem;');
    }
    const text = fs.readFileSync('bench/nginx.conf', 'utf8')
      .replace('LISTEN_COUNT', `listen 127.0.0.1:${this.countPort};`)
      .replace('LISTEN\n', `${listen.join('\n    ')}\n`);
    fs.writeFileSync(path.join(this.folder, 'nginx.conf'), text);
    this.child = start(program, ['-p', path.resolve(this.folder), '-c', 'nginx.conf'],
      { log: path.join(this.folder, 'nginx.log') });
    await until('nginx\'s start', async () => await this.arrived() >= 0);
  }

  stop() { return stop(this.child, 'SIGQUIT'); }

  url(address = this.addresses[0]) { return `${this.tls ? 'https' : 'http'}://${address}:${this.port}/hook`; }
  get certificate() { return path.join(this.folder, 'cert.pem'); }
  get noted() { return path.join(this.folder, 'noted.txt'); }

  // Requests so far, without those for this count.
  async arrived() {
    const text = await (await fetch(`http://127.0.0.1:${this.countPort}/`)).text();
    this.asked = (this.asked ?? 0) + 1;
    return Number(text.split('\n')[2].trim().split(/\s+/)[2]) - this.asked;
  }

  // wrk's rate of POSTs of a delivery's size, a second.
  async yardstick(quick) {
    const output = await run('wrk', ['-t1', `-c${yardstickConnections}`, `-d${quick ? 2 : yardstickSeconds}s`,
      '-s', 'bench/post_straight.lua', this.url()]);
    await sleep(200);
    return Number(output.match(/Requests\/sec:\s+([\d.]+)/)[1]);
  }

  #makeCertificate() {
    return run('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes',
      '-days', '2', '-subj', '/CN=bench', '-addext', 'subjectAltName=IP:127.0.0.1',
      '-keyout', path.join(this.folder, 'key.pem'), '-out', this.certificate]);
  }
}
