// A real HTTP or HTTPS server on a free loopback port that keeps every request it gets.
import { createHmac } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';

import { eventually } from './eventually.mjs';

export class Receiver {
  // Options: `answer`, a status or a function of (request, number from 0) that gives a status, or a promise of one, or
  // {status, headers, body}; `tls`, {key, cert}; `port`; `address`, the one that it listens on (`url` has 127.0.0.1);
  // `keeps`, whether it keeps the requests.
  static async start(test, { answer = 204, tls, port = 0, address = '127.0.0.1', keeps = true } = {}) {
    const receiver = new Receiver();
    receiver.answer = answer;
    receiver.keeps = keeps;
    receiver.count = 0;
    receiver.requests = [];
    const handle = (request, response) => receiver.take(request, response);
    receiver.server = tls ? https.createServer(tls, handle) : http.createServer(handle);
    await new Promise((resolve, reject) => {
      receiver.server.on('error', reject).listen(port, address, resolve);
    });
    receiver.port = receiver.server.address().port;
    receiver.url = `${tls ? 'https' : 'http'}://127.0.0.1:${receiver.port}/webhooks/bookingshake`;
    test?.after(() => receiver.close());
    return receiver;
  }

  take(request, response) {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', async () => {
      const received = {
        method: request.method, path: request.url, headers: request.headers, rawHeaders: request.rawHeaders,
        body: Buffer.concat(pieces), at: Date.now(),
      };
      if (this.keeps) this.requests.push(received);
      const number = this.count++;
      const answer = typeof this.answer === 'function' ? await this.answer(received, number) : this.answer;
      const { status, headers = {}, body = '' } = typeof answer === 'number' ? { status: answer } : answer;
      received.status = status;
      response.writeHead(status, headers).end(body);
    });
  }

  // Waits for so many requests in all, and gives them.
  async received(count, msMax) {
    await eventually(() => this.requests.length >= count, `${count} requests at the receiver`, msMax,
      () => `${this.requests.length} came`);
    return this.requests;
  }

  payloads() { return this.requests.map((request) => JSON.parse(request.body)); }

  close() {
    this.server.closeAllConnections?.();
    return new Promise((resolve) => { this.server.close(resolve); });
  }
}

// Returns the right value of Bookingshake-Signature.
export function signatureOf(secret, body) { return createHmac('sha256', secret).update(body).digest('hex'); }
