// Creates contacts over several connections until it is stopped. What got no answer is kept, to be sent again.
import http from 'node:http';

export class Load {
  constructor(ledger, connections) {
    this.ledger = ledger;
    this.connections = connections;
    this.made = 0;
    this.unanswered = [];
    this.refused = [];
  }

  start(server) {
    this.running = true;
    const agent = new http.Agent({ keepAlive: true, maxSockets: this.connections });
    this.workers = Promise.all(Array.from({ length: this.connections }, async () => {
      while (this.running) {
        const contact = this.unanswered.pop() ?? this.next();
        if (!await this.send(agent, server, contact)) {
          this.unanswered.push(contact);
          return;
        }
      }
    })).finally(() => agent.destroy());
  }

  // Ends when every request has its answer or has none.
  stop() {
    this.running = false;
    return this.workers;
  }

  next() {
    const number = ++this.made;
    return { first_name: 'Zoé', last_name: `Number ${number}`, email: `zoe.${number}@example.com`, city: 'Besançon' };
  }

  // Returns whether there was an answer.
  send(agent, server, contact) {
    const body = JSON.stringify(contact);
    return new Promise((resolve) => {
      const request = http.request(`${server.url}/api/venues/venue123/contacts`, {
        agent, method: 'POST',
        headers: {
          Authorization: `Bearer ${server.adminKey}`, 'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body), 'Idempotency-Key': contact.email,
        },
      }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (piece) => { text += piece; });
        response.on('error', () => resolve(false));
        response.on('end', () => {
          if (response.statusCode === 201) this.ledger.promise(contact.email, JSON.parse(text).id);
          else this.refused.push(`${response.statusCode} ${text}`);
          resolve(true);
        });
      });
      request.on('error', () => resolve(false));
      request.end(body);
    });
  }
}
