// The tenants of a run: nine neighbours, each a venue with a key and a webhook, and the hostile one, which has a venues
// group with sixteen venues and a key of each kind.
import { ApiClient, allEvents } from '../harness/api_client.mjs';

export const neighbourCount = 9;
const hostileVenueCount = 16;

// `receiver`: the URL below which each neighbour's webhook has a path of its own.
async function makeNeighbour(api, index, receiver) {
  const venue = `neighbour-${index}`;
  await api.venue(venue);
  const { key } = await api.post('/api/api-keys', { name: venue, scope: { venue_id: venue }, rights: ['manage'] });
  await new ApiClient(api.url, key).webhook(`${receiver}/${venue}`, { name: venue, scope: { venue_id: venue } });
  return { venue, key };
}

export async function makeNeighbours(api, receiver) {
  const indexes = Array.from({ length: neighbourCount }, (_, index) => index);
  return Promise.all(indexes.map((index) => makeNeighbour(api, index, receiver)));
}

// Makes the hostile tenant as an operator makes every tenant; the hostile process decides how it uses its rights.
export async function makeHostile(api) {
  const group = 'hostile-group';
  await api.post('/api/venues-groups', { id: group, name: group });
  const venues = Array.from({ length: hostileVenueCount }, (_, index) => `hostile-${index + 1}`);
  for (const id of venues) await api.venue(id, { venues_group_id: group });
  const key = async (scope, rights) =>
    (await api.post('/api/api-keys', { name: rights[0], scope, rights })).key;
  return {
    url: api.url, group, venues, venue: venues[0],
    key: await key({ venue_id: venues[0] }, ['manage']),
    groupKey: await key({ venues_group_id: group }, ['manage']),
    readKey: await key({ venue_id: venues[0] }, ['read']),
  };
}
