// The real program against what schemathesis makes up from openapi.json: valid and invalid bodies, parameters, methods
// and headers for every operation. No answer is a 5xx, none is one that the description
// does not have, and what breaks the description is refused.
//
//   node tests/api_fuzz/api_fuzz.mjs [--examples=N] [--seed=S]
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';

import { eventually } from '../harness/eventually.mjs';
import { Process, root, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

const schemathesis = process.env.SCHEMATHESIS ?? path.join(root, 'build/api_fuzz/bin/schemathesis');
const checks = [
  'not_a_server_error', 'status_code_conformance', 'content_type_conformance', 'response_headers_conformance',
  'response_schema_conformance', 'ignored_auth', 'allow_header_conformance', 'negative_data_rejection',
];
// The statuses that a request may get if it breaks the description.
const refusals = [400, 401, 403, 404, 405, 409, 412, 413, 415, 422, 429, 503];
const runMsMax = 6 * 3600 * 1000;
const requestSecondsMax = 20;
// How often a parameter names something that exists.
const probability = 0.6;

// Makes one of each thing, so that an operation gets further than "there is no such".
async function furnish(api) {
  await api.post('/api/venues-groups', { id: 'group', name: 'Group' });
  await api.venue('venue', { venues_group_id: 'group' });
  const scope = { venue_id: 'venue' };
  const inbox = await api.post('/api/inboxes', { name: 'Inbox', scope });
  const webhook = await api.webhook(inbox.url, { scope });
  await api.account({ id: 'account', name: 'Acme' }, {}, 'venue');
  await api.contact({ id: 'contact', email: 'jean@example.com', account_id: 'account' }, {}, 'venue');
  const field = await api.post('/api/fields', { collection: 'clients', label: 'Rooms', type: 'number', ...scope });
  const delivery = await eventually(async () => (await api.deliveries()).find((one) => one.status === 'delivered'), 'delivery');
  const replay = await api.post(`/api/webhooks/${webhook.id}/replay`, { status: 'delivered' });
  const user = await api.post('/api/users', {
    name: 'Ada', email: 'ada@example.com', role: 'manager', scope, password: 'correct horse battery',
  });
  const key = await api.post('/api/api-keys', { name: 'key', scope });
  const channel = await api.post('/api/notice-channels', { name: 'Channel', kind: 'webhook', url: inbox.url, scope });
  return {
    venues_group: 'group', venue: 'venue', account: 'account', contact: 'contact', field: field.code, webhook: webhook.id,
    delivery: delivery.id, event: delivery.event_id, replay: replay.id, inbox: inbox.id, user: user.id, key: key.id,
    channel: channel.id,
    token: new URL(inbox.url).pathname.split('/').pop(),
  };
}

// The names of path parameters, by the paths that have them.
const named = {
  '^/api/venues-groups/.id': { id: 'venues_group' },
  '^/api/venues/.venue_id.$': { venue_id: 'venue' },
  '^/api/venues/.venue_id./accounts': { venue_id: 'venue', id: 'account' },
  '^/api/venues/.venue_id./contacts': { venue_id: 'venue', id: 'contact' },
  '^/api/fields/': { code: 'field' },
  '^/api/webhooks/': { id: 'webhook' },
  '^/api/replays/': { id: 'replay' },
  '^/api/deliveries/': { id: 'delivery' },
  '^/api/events/': { id: 'event' },
  '^/api/inboxes/': { id: 'inbox' },
  '^/api/users/': { id: 'user' },
  '^/api/api-keys/': { id: 'key' },
  '^/api/notice-channels/': { id: 'channel' },
  '^/inbox/': { token: 'token' },
};

function configuration(ids) {
  const lines = Object.entries(ids).map(([name, id]) => `[dictionaries.${name}]\nvalues = [${JSON.stringify(id)}]`);
  lines.push('[checks.negative_data_rejection]', `expected-statuses = [${refusals.join(', ')}]`);
  for (const [pattern, parameters] of Object.entries(named)) {
    for (const method of ['get', 'post', 'patch']) {
      lines.push(
        '[[operations]]', `include-path-regex = '${pattern}'`, `include-method = '${method.toUpperCase()}'`,
        '[operations.parameters]',
        ...Object.entries(parameters).map(
          ([parameter, name]) => `"path.${parameter}" = { dictionary = "${name}", probability = ${probability} }`),
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

async function fuzz(server, configurationFile, options, selection) {
  const run = new Process(schemathesis, [
    '--config-file', configurationFile, 'run', `${server.url}/openapi.json`, '--no-color', '--warnings', 'off',
    '-H', `Authorization: Bearer ${server.adminKey}`, '--phases', 'examples,coverage,fuzzing',
    '--checks', checks.join(','), '--max-examples', options.examples, '--seed', options.seed, '--continue-on-failure',
    '--request-timeout', `${requestSecondsMax}`, '--generation-database', 'none', ...selection,
  ], { cwd: server.folder });
  const timer = setTimeout(() => run.child.kill('SIGKILL'), runMsMax);
  const { code } = await run.exit;
  clearTimeout(timer);
  process.stdout.write(run.output + run.errors);
  return code === 0;
}

const { values: options } = parseArgs({
  options: { examples: { type: 'string', default: '12' }, seed: { type: 'string', default: '1' } },
});
const folder = await temporaryFolder();
const server = await Shakehook.start(null, { folder });
const file = path.join(folder, 'schemathesis.toml');
await writeFile(file, configuration(await furnish(server.api)));
// A stream has no end. Keys are edited last: the one that is used here is among those that can be.
const keys = '^/api/api-keys/';
const results = {
  'every operation': await fuzz(server, file, options, ['--exclude-path', '/api/stream', '--exclude-path-regex', keys]),
  'API keys': await fuzz(server, file, options, ['--include-path-regex', keys]),
};
await server.api.call('GET', '/readyz');
results['the server lives'] = server.process.running;
const { code } = await server.process.end();
results['the server ends well'] = code === 0;
results['no CHECK failed'] = !server.process.errors.includes('internal error');
await rm(folder, { recursive: true, force: true });
const names = Object.keys(results);
for (const name of names) console.log(`${results[name] ? 'ok' : 'not ok'} - ${name}`);
console.log(`# pass ${names.filter((name) => results[name]).length}`);
console.log(`# fail ${names.filter((name) => !results[name]).length}`);
process.exitCode = names.every((name) => results[name]) ? 0 : 1;
