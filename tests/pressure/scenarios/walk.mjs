// Every route of openapi.json, each at its largest, at its fastest, unread, and hung up mid-way, all at once.
import { HostileClient, requestBytes } from '../hostile_client.mjs';
import { LargestRequests } from '../largest_request.mjs';

const someId = '00000000-0000-4000-8000-00000000abcd';
const contacts = 300;

// A route's requests in turn, as bytes.
class RouteRequests {
  constructor(largest, route, { key, target }) {
    this.route = route;
    this.target = target;
    this.key = key;
    this.built = largest.bodies(route).map(({ type, body }) => this.build(body, type));
    if (this.built.length === 0) this.built = [this.build()];
  }

  build(body, type) {
    const headers = type ? { 'Content-Type': type } : {};
    return requestBytes({ method: this.route.method, path: this.target, key: this.key, headers, body });
  }

  next(number) { return this.built[number % this.built.length]; }
  legal(number) { return this.built[number % Math.min(2, this.built.length)]; }
}

// Ids of what there is of each kind, by the name of its list: the list's first entry, or what its POST makes.
async function findIds({ api, tenant }, largest) {
  const ids = {};
  for (const route of largest.routes()) {
    const noun = route.path.split('/').at(-1);
    if (route.method !== 'GET' || noun.startsWith('{') || !route.parameters.some(({ name }) => name === 'limit')) continue;
    const target = route.path.replace('{venue_id}', tenant.venue).replace(/\{.*?\}/, () => ids.webhooks ?? someId);
    const listed = await api.call('GET', target);
    const first = listed.body?.data?.[0];
    if (first) ids[noun] = first.id ?? first.code ?? first.webhook_id;
  }
  return ids;
}

async function prepare(context) {
  const { api, tenant } = context;
  const field = async (collection) =>
    (await api.post('/api/fields', { collection, label: 'Free', type: 'object', venue_id: tenant.venue })).code;
  tenant.fields = { clients: await field('clients'), accounts: await field('accounts') };
  const webhook = await api.webhook(tenant.receiver, { scope: { venue_id: tenant.venue } });
  const inbox = await api.post('/api/inboxes', { scope: { venue_id: tenant.venue } });
  tenant.inboxToken = inbox.url.split('/').at(-1);
  const records = Array.from({ length: contacts }, (_, index) => ({
    id: `contact-${index}`, first_name: `First ${index}`, email: `c${index}@example.com`, [tenant.fields.clients]: { n: index },
  }));
  await api.post(`/api/venues/${tenant.venue}/contacts/batch`, records);
  await api.post(`/api/venues/${tenant.venue}/accounts`, { id: 'account-0', name: 'Company' });
  const another = await api.post('/api/api-keys', { name: 'another', scope: { venue_id: tenant.venue } });
  const csv = { 'Content-Type': 'text/csv' };
  const upload = await api.post(`/api/venues/${tenant.venue}/imports?kind=contact`, 'id,first_name\nimported,I\n', csv);
  const replay = await api.post(`/api/webhooks/${webhook.id}/replay`, { status: 'delivered' });
  context.largest = new LargestRequests(await api.get('/openapi.json'), tenant);
  context.ids = {
    ...await findIds(context, context.largest), imports: upload.id, replays: replay.id, webhooks: webhook.id, 'api-keys': another.id,
  };
}

// Makes things that can be deleted first, without pause: by the route's own list, with as little as that takes.
async function makeAndDelete({ largest, api, client, tenant }, route) {
  const list = route.path.slice(0, route.path.lastIndexOf('/'));
  const maker = largest.routes().find((candidate) => candidate.route === `POST ${list}`);
  if (!maker) return;
  const target = largest.target(maker, () => someId);
  const [{ body, type } = {}] = largest.bodies(maker);
  while (!client.over()) {
    const made = await api.call('POST', target, body, { 'Content-Type': type });
    client.count(made.status);
    if (made.status !== 201) return;
    const path = route.path.replace('{venue_id}', tenant.venue).replace(/\{.*?\}/, made.body.id ?? made.body.code);
    client.count((await api.call('DELETE', path)).status);
  }
}

function parts({ largest }) { return largest.routes().map(({ route }) => route); }

function ready(context) {
  const { largest, ids, tenant, part } = context;
  const route = largest.routes().find((candidate) => candidate.route === part);
  const deletes = route.method === 'DELETE';
  const target = largest.target(route, (noun) => (deletes ? someId : ids[noun] ?? someId));
  Object.assign(context, { route, requests: new RouteRequests(largest, route, { key: tenant.key, target }) });
}

async function attack(context) {
  const { tenant, client, route, requests } = context;
  const deletes = route.method === 'DELETE';
  const aside = () => new HostileClient(tenant.url, client.until);
  const others = [aside(), aside(), aside()];
  await Promise.all([
    ...(deletes ? [makeAndDelete(context, route), makeAndDelete(context, route)] : []),
    client.flood((number) => requests.next(number), { connections: 6 }),
    client.flood((number) => requests.legal(number), { connections: 6 }),
    others[0].readNothing(requests.legal(0), { connections: 4, requestsEach: 20 }),
    others[1].hangUp(requests.legal(0), { connections: 2, afterMs: 2 }),
    others[2].hangUp(requests.legal(0), { connections: 2, afterMs: 2, bytes: Math.floor(requests.legal(0).length / 2) }),
  ]);
  client.hungUp = others[1].hungUp + others[2].hungUp;
  for (const other of others) other.close();
}

export const scenarios = [
  { name: 'walk', what: 'every route at its largest and fastest, unread and hung up', prepare, parts, ready, attack },
];
