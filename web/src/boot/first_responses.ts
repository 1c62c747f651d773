// Requests that boot.ts sends before the client of the API is there, which takes the responses by their addresses.

// Every page asks who is signed in and what they see.
export const firstAddresses = ['/api/session', '/api/venues?limit=200', '/api/venues-groups?limit=200'];

// An older response would be news of yesterday to a page that comes late.
const keptMsMax = 10_000;

declare global {
  var firstResponses: Map<string, Promise<Response>> | undefined;
}

export function askEarly(addresses: string[]) {
  globalThis.firstResponses = new Map(addresses.map((address) => {
    const response = fetch(address, { credentials: 'same-origin' });
    // Whoever takes it hears of it.
    response.catch(() => {});
    return [address, response];
  }));
}

// The bodies of responses that came before anything was rendered.
const bodies = new Map<string, unknown>();

// A response to one session is nothing for another.
export function forgetEarly() {
  globalThis.firstResponses?.clear();
  bodies.clear();
}

// Reads the responses to these requests, for takeBody(); a response that fails is left for who asks for it.
export async function readEarly(addresses: string[]): Promise<void> {
  await Promise.all(addresses.map(async (address) => {
    const sent = globalThis.firstResponses?.get(address);
    const response = await sent?.catch(() => undefined);
    if (!response?.ok || response.bodyUsed) return;
    const body: unknown = await response.clone().json().catch(() => undefined);
    if (body === undefined || globalThis.firstResponses?.get(address) !== sent) return;
    globalThis.firstResponses?.delete(address);
    bodies.set(address, body);
  }));
}

// Returns the body of the response to a request that was sent already, once, if it has been read.
export function takeBody(address: string): unknown {
  const body = performance.now() < keptMsMax ? bodies.get(address) : undefined;
  bodies.delete(address);
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
