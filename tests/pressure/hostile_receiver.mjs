// The hostile tenant's receivers: one that answers `status`, after `delayMs`; and one that never ends its head.
import http from 'node:http';
import net from 'node:net';

// All of 127.0.0.0/8 are this machine's: a webhook may have an address of its own.
const everyLoopback = '0.0.0.0';

export class HostileReceiver {
  static async start() {
    const receiver = new HostileReceiver();
    receiver.delayMs = 0;
    receiver.count = 0;
    receiver.status = 204;
    receiver.headers = {};
    receiver.server = http.createServer((request, response) => {
      receiver.count += 1;
      request.resume();
      const answer = () => response.writeHead(receiver.status, receiver.headers).end();
      // A test that is over does not wait for the answer.
      if (receiver.delayMs > 0) setTimeout(answer, receiver.delayMs).unref();
      else answer();
    });
    await new Promise((resolve) => { receiver.server.listen({ port: 0, host: everyLoopback, backlog: 4096 }, resolve); });
    receiver.port = receiver.server.address().port;
    receiver.url = `http://127.0.0.1:${receiver.port}/hostile`;
    return receiver;
  }
}

// Answers each request at once with all of a head of so many bytes but its end. Gives its port.
export async function startEndlessHeads(bytes) {
  const head = Buffer.from(`HTTP/1.1 200 OK\r\nX-Long: ${'h'.repeat(bytes)}`);
  const server = net.createServer((socket) => {
    socket.on('error', () => {}).once('data', () => socket.write(head));
    socket.resume();
  });
  await new Promise((resolve) => { server.listen({ port: 0, host: everyLoopback, backlog: 4096 }, resolve); });
  return server.address().port;
}
