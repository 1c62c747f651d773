// The one way to the server: `api` is typed by the description of the API, `call` gives what was answered or throws.
//
//   const webhooks = await call(api.GET('/api/webhooks', { params: { query: { limit: 50 } } }));
import createClient, { type Middleware } from 'openapi-fetch';

import { fetchOrTake } from '@/boot/first_responses';
import { connection } from './connection';
import { problemOf, Unreachable } from './problem';
import type { paths } from './schema';

const changing = new Set(['POST', 'PATCH', 'PUT', 'DELETE']);
// A proxy's answers for a server that is away.
const gatewayStatuses = new Set([502, 504]);

let csrfToken: string | null = null;
let signedOutListener: () => void = () => {};

// The session's token, which every changing request must carry.
export function setCsrfToken(token: string | null) {
  csrfToken = token;
}

// `listener` hears of each 401 to a call that needs a session.
export function onSignedOut(listener: () => void) {
  signedOutListener = listener;
}

const session: Middleware = {
  onRequest({ request }) {
    if (csrfToken !== null && changing.has(request.method)) request.headers.set('X-CSRF-Token', csrfToken);
    return request;
  },
  onResponse({ response, schemaPath }) {
    if (gatewayStatuses.has(response.status)) {
      connection.reportLost();
      throw new Unreachable();
    }
    connection.reportReached();
    if (response.status === 401 && schemaPath !== '/api/session') signedOutListener();
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === 'AbortError') return;
    connection.reportLost();
    return new Unreachable(error);
  },
};

export const api = createClient<paths>({ credentials: 'same-origin', fetch: fetchOrTake });
api.use(session);

// The body of a success; else throws ApiProblem or Unreachable.
export async function call<Data>(
  request: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<NonNullable<Data>> {
  const { data, error, response } = await request;
  if (!response.ok) throw problemOf(response, error);
  return data as NonNullable<Data>;
}
