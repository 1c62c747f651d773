// A receiver that does to each connection what a case says, over TCP or TLS, byte by byte as it likes.
import net from 'node:net';
import tls from 'node:tls';

import { sleep } from '../harness/eventually.mjs';

// `behave` gets a Peer for each connection; `secure`, options of tls.createServer.
export async function startHostileReceiver(test, { behave, secure }) {
  const sockets = new Set();
  let connections = 0;
  const serve = (socket) => {
    socket.on('error', () => {});
    Promise.resolve(behave(new Peer(socket), connections++)).catch(() => {});
  };
  const server = secure ? tls.createServer(secure, serve) : net.createServer(serve);
  server.on('tlsClientError', () => {});
  server.on('connection', (socket) => {
    socket.on('error', () => {});
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise((resolve, reject) => { server.on('error', reject).listen(0, '127.0.0.1', resolve); });
  test.after(() => new Promise((resolve) => {
    for (const socket of sockets) socket.destroy();
    server.close(resolve);
  }));
  return { port: server.address().port, connections: () => connections };
}

export class Peer {
  constructor(socket) {
    this.socket = socket;
    this.bytes = '';
    this.open = true;
    socket.on('data', (piece) => { this.bytes += piece.toString('latin1'); });
    socket.on('close', () => { this.open = false; });
  }

  // Until a whole request has come.
  async request() {
    for (;;) {
      const end = this.bytes.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(this.bytes)?.[1] ?? 0);
      if (end >= 0 && this.bytes.length >= end + 4 + length) {
        this.bytes = this.bytes.slice(end + 4 + length);
        return;
      }
      if (!this.open) throw new Error('closed');
      await sleep(2);
    }
  }

  // Others get their turn in between.
  send(text) {
    return new Promise((resolve) => { this.socket.write(text, 'latin1', () => setImmediate(resolve)); });
  }

  async drip(text, msBetween) {
    for (const byte of text) {
      if (!this.open) return;
      await this.send(byte);
      await sleep(msBetween);
    }
  }

  // Sends the piece again and again until the other side has had enough, at most `times`.
  async flood(piece, times) {
    for (let i = 0; i < times && this.open; ++i) await this.send(piece);
    return !this.open;
  }

  end() { this.socket.end(); }
  // Over TLS there is no reset from here: the connection ends without a word of TLS.
  reset() { if (this.socket.encrypted) this.socket.destroy(); else this.socket.resetAndDestroy(); }
}
