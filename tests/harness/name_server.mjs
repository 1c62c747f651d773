// A DNS server on UDP and TCP that answers by script and keeps what it was asked.
import dgram from 'node:dgram';
import net from 'node:net';

const types = { 1: 'A', 2: 'NS', 28: 'AAAA' };

function readName(bytes, at) {
  const labels = [];
  while (bytes[at] !== 0) {
    labels.push(bytes.toString('latin1', at + 1, at + 1 + bytes[at]));
    at += bytes[at] + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

function addressBytes(text) {
  if (!text.includes(':')) return Buffer.from(text.split('.').map(Number));
  if (text.includes('.')) {  // the last four bytes are written as an IPv4 address
    const last = text.lastIndexOf(':') + 1;
    return Buffer.concat([addressBytes(`${text.slice(0, last)}0:0`).subarray(0, 12), addressBytes(text.slice(last))]);
  }
  const [head, tail] = text.split('::').map((part) => (part ? part.split(':') : []));
  const groups = tail ? [...head, ...Array(8 - head.length - tail.length).fill('0'), ...tail] : head;
  return Buffer.concat(groups.map((group) => Buffer.from(group.padStart(4, '0'), 'hex')));
}

export class NameServer {
  // `answer`: (name, type) => an array of addresses (of both families), {code}, null for silence, or a promise of one.
  // Options: `address`, `port`, `udp` (false: over TCP alone).
  static async start(test, answer, { address = '127.0.0.1', port = 53, udp = true } = {}) {
    const server = new NameServer();
    server.answer = answer;
    server.asked = [];
    server.socket = dgram.createSocket(address.includes(':') ? 'udp6' : 'udp4');
    server.socket.on('message', async (message, peer) => {
      const reply = udp && await server.reply(message);
      if (reply) server.socket.send(reply, peer.port, peer.address);
    });
    await new Promise((resolve, reject) => { server.socket.on('error', reject).bind(port, address, resolve); });
    server.listener = net.createServer((connection) => {
      connection.on('error', () => {}).on('data', async (data) => {
        const reply = await server.reply(data.subarray(2));
        if (!reply) return;
        const size = Buffer.alloc(2);
        size.writeUInt16BE(reply.length);
        connection.write(Buffer.concat([size, reply]));
      });
    });
    await new Promise((resolve, reject) => { server.listener.on('error', reject).listen(port, address, resolve); });
    test.after(() => server.close());
    return server;
  }

  async reply(message) {
    const { name, end } = readName(message, 12);
    const type = message.readUInt16BE(end);
    this.asked.push({ name, type: types[type] ?? type, at: Date.now() });
    const answer = await this.answer(name, types[type] ?? type);
    if (answer === null) return null;
    const addresses = (Array.isArray(answer) ? answer : []).filter((text) => type === (text.includes(':') ? 28 : 1));
    const head = Buffer.alloc(12);
    message.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8180 | (Array.isArray(answer) ? 0 : answer.code), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(addresses.length, 6);
    const records = addresses.map((text) => {
      const data = addressBytes(text);
      const record = Buffer.alloc(12);
      record.writeUInt16BE(0xc00c, 0);
      record.writeUInt16BE(type, 2);
      record.writeUInt16BE(1, 4);
      record.writeUInt32BE(1, 6);
      record.writeUInt16BE(data.length, 10);
      return Buffer.concat([record, data]);
    });
    return Buffer.concat([head, message.subarray(12, end + 4), ...records]);
  }

  names() { return this.asked.map(({ name }) => name); }

  close() {
    if (this.closed) return;
    this.closed = true;
    this.socket.close();
    this.listener.close();
  }
}
