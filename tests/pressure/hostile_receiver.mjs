// The hostile tenant's receiver: answers 204, after `delayMs`.
import http from 'node:http';

export class HostileReceiver {
  static async start() {
    const receiver = new HostileReceiver();
    receiver.delayMs = 0;
    receiver.count = 0;
    receiver.headers = {};
    receiver.server = http.createServer((request, response) => {
      receiver.count += 1;
      request.resume();
      const answer = () => response.writeHead(204, receiver.headers).end();
      if (receiver.delayMs > 0) setTimeout(answer, receiver.delayMs);
      else answer();
    });
    await new Promise((resolve) => { receiver.server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, resolve); });
    receiver.port = receiver.server.address().port;
    receiver.url = `http://127.0.0.1:${receiver.port}/hostile`;
    return receiver;
  }
}
