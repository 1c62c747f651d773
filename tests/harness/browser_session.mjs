// The sessions of a browser, as its requests bear them.
import assert from 'node:assert/strict';

// A browser's cookie, and the CSRF token as the dashboard repeats it.
export class Browser {
  constructor(server) {
    this.server = server;
    this.headers = {};
  }

  async call(method, path, body, more = {}) {
    const response = await fetch(this.server.url + path, {
      method,
      headers: { ...this.headersHere(), ...(body ? { 'Content-Type': 'application/json' } : {}), ...more },
      body: typeof body === 'string' ? body : body && JSON.stringify(body),
    });
    const cookie = response.headers.get('set-cookie');
    if (cookie) this.headers.Cookie = cookie.split(';')[0];
    const text = await response.text();
    const json = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    const answer = {
      status: response.status, headers: response.headers, body: json && text ? JSON.parse(text) : text || null,
    };
    if (answer.body?.csrf_token) this.headers['X-CSRF-Token'] = answer.body.csrf_token;
    return answer;
  }

  // The cookie's name carries the server's port, which is another after a restart in a test.
  headersHere() {
    const { Cookie: cookie, ...rest } = this.headers;
    return cookie ? { ...rest, Cookie: cookie.replace(/_\d+=/, `_${new URL(this.server.url).port}=`) } : rest;
  }

  signIn(email, password) { return this.call('POST', '/api/session', { email, password }); }
}

// Returns the token in the link that a start prints while there is no administrator.
export const setupToken = (server) => server.process.output.match(/\/setup\?token=(\S+)/)?.[1];

// Makes the first administrator, ada@example.com, and gives the browser that is signed in.
export async function setUp(server, password) {
  const browser = new Browser(server);
  const body = { token: setupToken(server), name: 'Ada', email: 'ada@example.com', password };
  const done = await browser.call('POST', '/api/setup', body);
  assert.equal(done.status, 201, JSON.stringify(done.body));
  return browser;
}
