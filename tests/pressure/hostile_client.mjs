// A client that means no good, on plain sockets: it sends what it is given as fast as it can, reads nothing, hangs up
// mid-way, or never ends a request. All of it ends at a time that the caller sets.
import net from 'node:net';

import { sleep } from '../harness/eventually.mjs';

// A whole request as bytes. `length`: what Content-Length says, where that is not the body's.
export function requestBytes({ method = 'GET', path, key, headers = {}, body, length = body?.length }) {
  const lines = [`${method} ${path} HTTP/1.1`, 'Host: 127.0.0.1'];
  if (key) lines.push(`Authorization: Bearer ${key}`);
  if (length !== undefined) lines.push(`Content-Length: ${length}`);
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  const head = Buffer.from(`${lines.join('\r\n')}\r\n\r\n`);
  return body ? Buffer.concat([head, body]) : head;
}

const headEnd = Buffer.from('\r\n\r\n');

// Reads answers off a connection one after the other and keeps none of them.
class AnswerReader {
  constructor(onAnswer) {
    this.onAnswer = onAnswer;
    this.head = Buffer.alloc(0);
    this.left = 0;  // bytes of a body that are still to be read
    this.status = 0;
  }

  take(piece) {
    while (piece.length > 0) {
      if (this.left > 0) {
        const part = Math.min(this.left, piece.length);
        this.left -= part;
        piece = piece.subarray(part);
        if (this.left === 0) this.onAnswer(this.status);
        continue;
      }
      this.head = this.head.length ? Buffer.concat([this.head, piece]) : piece;
      const end = this.head.indexOf(headEnd);
      if (end < 0) return;
      const head = this.head.toString('latin1', 0, end);
      piece = this.head.subarray(end + headEnd.length);
      this.head = Buffer.alloc(0);
      this.status = Number(head.slice(9, 12));
      const length = /^content-length: *(\d+)/im.exec(head);
      // An answer without a length is a stream: its head is all that is awaited.
      this.left = length ? Number(length[1]) : 0;
      if (this.left === 0) this.onAnswer(this.status, length === null);
    }
  }
}

export class HostileClient {
  // `until`: the end, by Date.now().
  constructor(url, until) {
    this.port = Number(new URL(url).port);
    this.until = until;
    this.statuses = {};  // how many answers had which
    this.hungUp = 0;
    this.refused = 0;    // connections that the server ended or did not take
    this.sockets = new Set();
  }

  over() { return Date.now() >= this.until; }
  left() { return Math.max(0, this.until - Date.now()); }

  connect(onConnect) {
    const socket = net.connect({ port: this.port, host: '127.0.0.1', noDelay: true }, () => onConnect?.(socket));
    this.sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => this.sockets.delete(socket));
    return socket;
  }

  count(status) { this.statuses[status] = (this.statuses[status] ?? 0) + 1; }

  // One request, and its answer's status; 0: none came.
  async ask(request) {
    const { status } = await this.askOn(null, request);
    return status;
  }

  // The response's status, and the connection to go on with.
  askOn(socket, request) {
    return new Promise((resolve) => {
      let done = false;
      const end = (status, next) => {
        if (done) return;
        done = true;
        clearTimeout(timer);
        if (next) next.removeAllListeners('data');
        connection.off('close', lost);
        resolve({ status, socket: next });
      };
      const lost = () => { this.refused += 1; end(0, null); };
      const connection = socket ?? this.connect();
      // Requests that are still unanswered at the end are broken off.
      const timer = setTimeout(() => { connection.destroy(); end(0, null); }, this.left());
      const reader = new AnswerReader((status, endless) => {
        this.count(status);
        if (endless) connection.destroy();
        end(status, endless ? null : connection);
      });
      connection.on('data', (piece) => reader.take(piece));
      connection.on('close', lost);
      connection.write(request);
    });
  }

  // Asks over so many connections, each at once again when it has its answer. `next(n)` gives the n-th request as
  // bytes; null ends it.
  async flood(next, { connections = 8, requestsMax = Infinity } = {}) {
    let number = 0;
    const one = async () => {
      let socket = null;
      while (!this.over() && number < requestsMax) {
        const request = next(number++);
        if (request === null) break;
        const before = Date.now();
        const answered = await this.askOn(socket, request);
        socket = answered.socket;
        if (answered.status === 0 && Date.now() - before < 5) await sleep(5);  // the server takes no connections just now
      }
      socket?.destroy();
    };
    await Promise.all(Array.from({ length: connections }, one));
  }

  // Sends requests on so many connections and reads nothing of the answers until the end.
  async readNothing(request, { connections = 16, requestsEach = 20 } = {}) {
    const sockets = Array.from({ length: connections }, () => this.connect((socket) => {
      for (let i = 0; i < requestsEach; ++i) socket.write(request);
    }).pause());
    await sleep(this.left());
    sockets.forEach((socket) => socket.destroy());
  }

  // Sends a request, hangs up after so long, and does it again, at most `times`.
  async hangUp(request, { connections = 8, afterMs = 5, times = 2_000, bytes = Infinity } = {}) {
    let count = 0;
    const one = async () => {
      while (!this.over() && count++ < times) {
        const socket = this.connect((connected) =>
          connected.write(bytes < request.length ? request.subarray(0, bytes) : request));
        await sleep(Math.min(afterMs, this.left()));
        socket.resetAndDestroy();
        this.hungUp += 1;
      }
    };
    await Promise.all(Array.from({ length: connections }, one));
  }

  // Connections that send these bytes and then nothing more. Resolves when all have been begun.
  async hold(bytes, { connections, perTurn = 100 }) {
    for (let i = 0; i < connections && !this.over(); ++i) {
      this.connect((socket) => socket.write(bytes)).on('data', () => {});
      if (i % perTurn === perTurn - 1) await sleep(10);
    }
  }

  close() { for (const socket of this.sockets) socket.destroy(); }
}
