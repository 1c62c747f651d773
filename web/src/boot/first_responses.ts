// Requests that boot.ts sends before the client of the API is there, which takes the responses by their addresses.

// Every page asks who is signed in and what they see.
export const firstAddresses = ['/api/session', '/api/venues?limit=200', '/api/venues-groups?limit=200'];

// An older response would be news of yesterday to a page that comes late.
const keptMsMax = 10_000;

declare global {
  var firstResponses: Map<string, Promise<Response>> | undefined;
  // The bodies of responses that came before anything was rendered. Like the responses it is global for the tests: what
  // nobody takes was asked for in vain.
  var firstBodies: Map<string, unknown> | undefined;
}

export function askEarly(addresses: string[]) {
  globalThis.firstResponses = new Map(addresses.map((address) => {
    const response = fetch(address, { credentials: 'same-origin' });
    // Whoever takes it hears of it.
    response.catch(() => {});
    return [address, response];
  }));
}

let rendered = false;

// A response to one session is nothing for another.
export function forgetEarly() {
  globalThis.firstResponses?.clear();
  globalThis.firstBodies?.clear();
}

// Reads the responses to these requests, for takeBody(); one that fails, or comes after endReading(), is left for who asks.
export async function readEarly(addresses: string[]): Promise<void> {
  await Promise.all(addresses.map(async (address) => {
    const sent = globalThis.firstResponses?.get(address);
    const response = await sent?.catch(() => undefined);
    if (!response?.ok || response.bodyUsed) return;
    const body: unknown = await response.clone().json().catch(() => undefined);
    if (rendered || body === undefined || globalThis.firstResponses?.get(address) !== sent) return;
    globalThis.firstResponses?.delete(address);
    (globalThis.firstBodies ??= new Map()).set(address, body);
  }));
}

// The page is rendered now, and asks for itself.
export function endReading() {
  rendered = true;
}

// Returns the body of the response to a request that was sent already, once, if it has been read.
export function takeBody(address: string): unknown {
  const body = performance.now() < keptMsMax ? globalThis.firstBodies?.get(address) : undefined;
  globalThis.firstBodies?.delete(address);
  return body;
}

// Returns the response to a request that was sent already, once; else sends it.
export async function fetchOrTake(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const address = pathname + search;
  const sent = request.method === 'GET' && performance.now() < keptMsMax ? globalThis.firstResponses?.get(address) : undefined;
  if (sent === undefined) return fetch(request);
  globalThis.firstResponses?.delete(address);
  return sent.catch(() => fetch(request));
}
