// An HTTP proxy that speaks CONNECT alone, and keeps whom it was asked for.
import http from 'node:http';
import net from 'node:net';

export class ConnectProxy {
  // Options: `credentials` ("user:password"; none are wanted without), `port`. `proxy.refusal`, a status, answers all in
  // place of a connection, or those to `proxy.refused`, if there is one. A `proxy.hangs` answers nothing at all, and
  // a CONNECT to `proxy.waitsFor` never gets an answer.
  static async start(test, { credentials, port = 0 } = {}) {
    const proxy = new ConnectProxy();
    proxy.asked = [];
    proxy.refusal = null;
    proxy.refused = null;
    proxy.hangs = false;
    proxy.waitsFor = null;
    proxy.sockets = new Set();
    proxy.wanted = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
    proxy.server = http.createServer((request, response) => { if (!proxy.hangs) response.writeHead(405).end(); });
    proxy.server.on('connect', (request, client) => proxy.take(request, client));
    await new Promise((resolve, reject) => { proxy.server.on('error', reject).listen(port, '127.0.0.1', resolve); });
    proxy.port = proxy.server.address().port;
    test?.after(() => proxy.close());
    return proxy;
  }

  take(request, client) {
    this.asked.push({ target: request.url, headers: request.headers });
    this.sockets.add(client.on('error', () => {}).on('close', () => this.sockets.delete(client)));
    const refuse = (status) => client.end(`HTTP/1.1 ${status} ${http.STATUS_CODES[status]}\r\nContent-Length: 0\r\n\r\n`);
    if (this.hangs || this.waitsFor === request.url) return undefined;
    if (this.refusal && (!this.refused || this.refused === request.url)) return refuse(this.refusal);
    if (this.wanted && request.headers['proxy-authorization'] !== this.wanted) return refuse(407);
    const [, host, port] = request.url.match(/^\[?([^\]]+)\]?:(\d+)$/);
    const upstream = net.connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      upstream.pipe(client);
      client.pipe(upstream);
    });
    upstream.on('error', () => (upstream.bytesRead ? client.destroy() : refuse(502)));
    this.sockets.add(upstream.on('close', () => this.sockets.delete(upstream)));
    return undefined;
  }

  targets() { return this.asked.map(({ target }) => target); }

  close() {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => { this.server.close(resolve); });
  }
}
