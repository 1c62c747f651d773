// The HTTP API as a client sees it. A call answers {status, headers, body}, the body parsed where it is JSON.
export class ApiClient {
  constructor(url, key) {
    this.url = url;
    this.key = key;
  }

  async call(method, path, body, headers = {}) {
    const sent = { Authorization: `Bearer ${this.key}`, ...headers };
    if (body !== undefined && !('Content-Type' in sent)) sent['Content-Type'] = 'application/json';
    const raw = typeof body === 'string' || body instanceof Uint8Array;
    const response = await fetch(this.url + path, {
      method, headers: sent, body: body === undefined || raw ? body : JSON.stringify(body), redirect: 'manual',
    });
    const text = await response.text();
    const json = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, body: json && text ? JSON.parse(text) : text };
  }

  // As call, for what must work: gives the body, and throws what the API said instead.
  async must(method, path, body, headers) {
    const response = await this.call(method, path, body, headers);
    if (response.status >= 300) {
      throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(response.body)}`);
    }
    return response.body;
  }

  get(path) { return this.must('GET', path); }
  post(path, body, headers) { return this.must('POST', path, body, headers); }
  patch(path, body) { return this.must('PATCH', path, body); }
  delete(path) { return this.must('DELETE', path); }

  venue(id = 'venue123', more = {}) { return this.post('/api/venues', { id, name: 'Le Grand Salon', ...more }); }
  contact(body, headers, venue = 'venue123') { return this.post(`/api/venues/${venue}/contacts`, body, headers); }
  account(body, headers, venue = 'venue123') { return this.post(`/api/venues/${venue}/accounts`, body, headers); }

  // All events of venue123, unless told otherwise.
  webhook(url, more = {}) {
    return this.post('/api/webhooks', { name: 'CRM Sync', url, events: allEvents, scope: { venue_id: 'venue123' }, ...more });
  }

  async deliveries(query = '') { return (await this.get(`/api/deliveries?limit=200${query && `&${query}`}`)).data; }
}

export const allEvents = [
  'account.created', 'account.updated', 'account.deleted', 'contact.created', 'contact.updated', 'contact.deleted',
];
