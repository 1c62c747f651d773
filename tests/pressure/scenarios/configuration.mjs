// A tenant's configuration: custom fields, webhooks, keys, inboxes, made and edited without pause.
import { allEvents } from '../../harness/api_client.mjs';
import { sleep } from '../../harness/eventually.mjs';
import { requestBytes } from '../hostile_client.mjs';

const json = { 'Content-Type': 'application/json' };

const send = (tenant, method, path, value, headers = {}) => requestBytes({
  method, path, key: tenant.key, headers: { ...json, ...headers }, body: Buffer.from(JSON.stringify(value)),
});

// Does the same to as many as `count` and stops at the first refusal, which is where the server's bound lies.
async function upTo(count, make, atOnce = 16) {
  let made = 0;
  let refused = false;
  const one = async () => {
    while (!refused && made < count) {
      made += 1;
      const { status } = await make(made);
      refused ||= status >= 400;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return made;
}

async function prepareField(context) {
  const { api, tenant } = context;
  const field = { collection: 'clients', label: 'Renamed', type: 'text', venue_id: tenant.venue };
  context.field = (await api.post('/api/fields', field)).code;
}

function renameField({ client, tenant, field }) {
  return client.flood((number) => send(tenant, 'PATCH', `/api/fields/${field}`, { label: `Name ${number}` }), { connections: 16 });
}

// As many fields as a venue may have, each with as many options as one may have, of such labels and values.
const prepareFields = (option) => async (context) => {
  const { api, tenant } = context;
  const data = Array.from({ length: 500 }, (_, index) => option(index));
  const made = [];
  await upTo(Math.round(500 * context.scale), async (number) => {
    const answer = await api.call('POST', '/api/fields', {
      collection: 'clients', label: `Field ${number}`, type: 'multiselect', data, venue_id: tenant.venue,
    });
    if (answer.status === 201) made.push(answer.body.code);
    return answer;
  });
  context.fields = made;
};
const usualOption = (index) => ({ label: `Option ${index} `.padEnd(80, 'o'), value: index });
const largeOption = (index) => ({ label: `Option ${index} `.padEnd(250, 'o'), value: `${index} `.padEnd(250, 'v') });

function listFields({ client, tenant, fields }) {
  const requests = [
    requestBytes({ path: `/api/fields?venue_id=${tenant.venue}&limit=200`, key: tenant.key }),
    requestBytes({ path: `/api/fields/${fields[0]}`, key: tenant.key }),
    send(tenant, 'PATCH', `/api/fields/${fields[0]}`, { label: 'One', data: Array.from({ length: 500 }, (_, index) => largeOption(index)) }),
    send(tenant, 'POST', `/api/venues/${tenant.venue}/contacts`, { first_name: 'F' }),
  ];
  return client.flood((number) => requests[number % requests.length], { connections: 8 });
}

async function useFields({ client, tenant, fields }) {
  const all = Object.fromEntries(fields.slice(0, 300).map((code) => [code, Array.from({ length: 20 }, (_, index) => index)]));
  const requests = [
    requestBytes({ path: `/api/fields?venue_id=${tenant.venue}&limit=200`, key: tenant.key }),
    send(tenant, 'POST', `/api/venues/${tenant.venue}/contacts`, all),
    send(tenant, 'PATCH', `/api/fields/${fields[0]}`, { label: 'Another' }),
    send(tenant, 'PATCH', `/api/fields/${fields[0]}`, { label: 'One' }),
  ];
  await client.flood((number) => requests[number % requests.length], { connections: 16 });
}

async function prepareWebhook(context) {
  const { api, tenant } = context;
  context.webhook = (await api.webhook(tenant.receiver, { scope: { venue_id: tenant.venue } })).id;
}

function editWebhook({ client, tenant, webhook }) {
  return client.flood((number) => send(tenant, 'PATCH', `/api/webhooks/${webhook}`, { name: `Name ${number}` }), { connections: 16 });
}

// On and off, with what it is owed thrown away, while changes make more of it.
function switchWebhook({ client, tenant, webhook }) {
  const path = `/api/webhooks/${webhook}`;
  const requests = [
    send(tenant, 'PATCH', path, { enabled: false }), send(tenant, 'POST', `/api/venues/${tenant.venue}/contacts`, { first_name: 'Owed' }),
    send(tenant, 'POST', `${path}/discard`, {}), send(tenant, 'PATCH', path, { enabled: true }),
    send(tenant, 'POST', `${path}/secret`, { overlap_seconds: 3600 }), requestBytes({ path: `${path}/secret`, key: tenant.key }),
  ];
  return client.flood((number) => requests[number % requests.length], { connections: 16 });
}

// Webhooks of the venue and the group, up to what the server allows, then changes that all of them hear of.
async function manyWebhooks({ client, tenant, groupApi, api, scale }) {
  const scopes = [{ venue_id: tenant.venue }, { venues_group_id: tenant.group }];
  const count = Math.round(1_000 * scale);
  const headers = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`x-${index}`, 'h'.repeat(150)]));
  for (const scope of scopes) {
    await upTo(count / scopes.length, async (number) => (client.over() ? { status: 599 }
      : groupApi.call('POST', '/api/webhooks', { name: `W ${number}`, url: `${tenant.receiver}/${number}`, events: allEvents, scope, headers })));
  }
  for (let batch = 0; batch < 4 && !client.over(); ++batch) {
    const items = Array.from({ length: Math.round(1_000 * scale) }, (_, index) => ({ id: `b-${batch}-${index}`, first_name: 'Batch' }));
    const answer = await api.call('POST', `/api/venues/${tenant.venue}/contacts/batch`, items);
    client.count(answer.status);
  }
  await sleep(client.left());
}

function makeKeys({ client, tenant }) {
  const request = send(tenant, 'POST', '/api/api-keys', { name: 'k'.repeat(200), scope: { venue_id: tenant.venue } });
  return client.flood(() => request, { connections: 16 });
}

function makeInboxes({ client, tenant }) {
  const request = send(tenant, 'POST', '/api/inboxes', { scope: { venue_id: tenant.venue } });
  return client.flood(() => request, { connections: 16 });
}

function makeWebhooks({ client, tenant }) {
  const body = { name: 'n'.repeat(250), url: `${tenant.receiver}/`.padEnd(2000, 'u'), events: allEvents, scope: { venue_id: tenant.venue } };
  const request = send(tenant, 'POST', '/api/webhooks', body);
  return client.flood(() => request, { connections: 16 });
}

export const scenarios = [
  { name: 'field-renames', what: '16 connections rename one custom field', prepare: prepareField, attack: renameField },
  { name: 'many-fields', what: 'as many fields and options as may be, listed, used and renamed', prepare: prepareFields(usualOption), attack: useFields },
  { name: 'large-fields', what: 'options of fields as large as they may be, listed and edited', prepare: prepareFields(largeOption), attack: listFields },
  { name: 'webhook-edits', what: '16 connections edit one webhook', prepare: prepareWebhook, attack: editWebhook },
  { name: 'webhook-switches', what: 'a webhook off and on, discarded and rotated, without pause', prepare: prepareWebhook, attack: switchWebhook },
  { name: 'many-webhooks', what: 'as many webhooks as one change may be owed to, then four batches', attack: manyWebhooks },
  { name: 'new-webhooks', what: 'webhooks made without end', attack: makeWebhooks },
  { name: 'new-keys', what: 'API keys made without end', attack: makeKeys },
  { name: 'new-inboxes', what: 'inboxes made without end', attack: makeInboxes },
];
