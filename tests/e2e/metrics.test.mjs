// /metrics of the real program under load, as Prometheus reads it: promtool finds nothing wrong with it, the table in
// docs/operations.md names what is there and nothing else, and each query of the Grafana dashboard and of the alerts is
// evaluated by a real Prometheus over a real scrape.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { freePort } from '../harness/free_port.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { Process, quickFlags, root, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';

const scrape = async (server) => (await server.api.call('GET', '/metrics')).body;

// Returns the names of the families of a scrape, without what a histogram adds to its own.
const familiesOf = (text) => [...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name]) => name);

function valueOf(text, series) {
  const line = text.split('\n').find((each) => each.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

// A server that has met what makes series: deliveries, retries, failures, a stream, a wrong password, a purge.
async function busyServer(t, flags = {}) {
  const server = await Shakehook.start(t, { flags: { ...quickFlags, 'max-retries': 8, 'retry-base': '50ms', retention: '10s', ...flags } });
  const { api } = server;
  const well = await Receiver.start(t);
  const failing = await Receiver.start(t, { answer: 500 });
  const gone = await Receiver.start(t, { answer: 410 });
  await api.venue();
  const webhooks = {};
  for (const [name, receiver] of Object.entries({ well, failing, gone })) webhooks[name] = await api.webhook(receiver.url, { name });
  webhooks.named = await api.webhook(`http://localhost:${well.port}/`, { name: 'named' });
  for (let i = 0; i < 30; ++i) await api.contact({ id: `c${i}` });
  await well.received(60);
  await fetch(`${server.url}/api/session`, {
    method: 'POST', headers: { 'Content-Type': 'application/json', Origin: server.url }, body: '{"email":"a@b.example","password":"no"}',
  });
  await eventually(async () => (await api.get(`/api/webhooks/${webhooks.gone.id}`)).enabled === false, 'webhook that is disabled');
  return { server, webhooks };
}

test('promtool finds nothing wrong with a scrape under load, and routes that nobody asked are not in it', async (t) => {
  const { server } = await busyServer(t);
  const stream = new AbortController();
  // It is referred to until the end: a response that nobody refers to is closed when memory is collected.
  const live = await fetch(`${server.url}/api/stream`, { headers: { Authorization: `Bearer ${server.adminKey}` }, signal: stream.signal });
  t.after(() => live.body?.cancel().catch(() => {}));
  await eventually(async () => valueOf(await scrape(server), 'shakehook_webhooks{condition="failing"}') === 1, 'failing webhook', 20_000);
  const text = await scrape(server);
  const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  assert.equal(checked.stdout + checked.stderr, '');
  assert.equal(checked.status, 0);

  assert.equal(valueOf(text, 'shakehook_webhooks{condition="disabled"}'), 1);
  assert.equal(valueOf(text, 'shakehook_webhook_changes_total{change="disabled"}'), 1);
  assert.equal(valueOf(text, 'shakehook_stream_clients'), 1);
  assert.equal(valueOf(text, 'shakehook_sign_in_failures_total{reason="wrong"}'), 1);
  assert.ok(valueOf(text, 'shakehook_attempt_outcomes_total{outcome="2xx"}') >= 60);
  assert.ok(valueOf(text, 'shakehook_attempt_outcomes_total{outcome="gone"}') >= 1);
  assert.ok(valueOf(text, 'shakehook_attempt_outcomes_total{outcome="5xx"}') >= 1);
  assert.ok(valueOf(text, 'shakehook_retries_total') >= 1);
  assert.ok(valueOf(text, 'shakehook_pending_deliveries') >= 1, 'what is owed to the disabled webhook');
  for (const timed of ['commit', 'fsync']) {
    const count = valueOf(text, `shakehook_${timed}_seconds_count`);
    const sum = valueOf(text, `shakehook_${timed}_seconds_sum`);
    assert.ok(count >= 20 && sum > 0 && sum / count < 5, `${count} of ${timed} took ${sum} s`);
  }
  assert.ok(valueOf(text, 'shakehook_connections_total{result="reused"}') >= 1);
  assert.ok(valueOf(text, 'shakehook_file_bytes{file="database"}') > 0);
  assert.ok(valueOf(text, 'shakehook_disk_free_bytes') > 0);
  const pages = Number(await readFile(`/proc/${server.process.child.pid}/statm`, 'utf8').then((line) => line.split(' ')[1]));
  const resident = valueOf(text, 'process_resident_memory_bytes');
  assert.ok(resident > pages * 4096 / 3 && resident < pages * 4096 * 3, `${resident} of ${pages} pages`);
  assert.ok(Math.abs(valueOf(text, 'process_start_time_seconds') - Date.now() / 1000) < 300);
  assert.match(text, /shakehook_build_info\{.*version="[\d.]+".*\} 1/);
  const routes = new Set([...text.matchAll(/shakehook_api_requests_total\{.*?route="([^"]*)"/g)].map(([, route]) => route));
  assert.ok(routes.has('/api/webhooks') && routes.has('/api/venues/{venue_id}/contacts'), [...routes].join());
  assert.ok(!routes.has('/api/users') && !routes.has('/api/venues/{venue_id}/imports'), [...routes].join());

  stream.abort();
  await eventually(async () => valueOf(await scrape(server), 'shakehook_stream_clients') === 0, 'end of the stream');
});

// A server has these only with TLS of its own, or with a collector of traces; server_tls.test.mjs and traces.test.mjs look for
// them.
const onlyWithFlags = [
  'shakehook_tls_certificate_expiry_timestamp_seconds', 'shakehook_trace_spans_exported_total', 'shakehook_trace_spans_dropped_total',
];

test('docs/operations.md names the metrics that there are, and no other', async (t) => {
  const { server } = await busyServer(t);
  const document = await readFile(path.join(root, 'docs/operations.md'), 'utf8');
  const named = [...new Set([...document.matchAll(/\b((?:shakehook|process)_[a-z0-9_]*[a-z0-9])(?:\{[^}]*\})?`/g)].map(([, name]) => name))];
  await eventually(async () => valueOf(await scrape(server), 'shakehook_webhooks{condition="failing"}') === 1, 'failing webhook', 20_000);
  const there = [...familiesOf(await scrape(server)), ...onlyWithFlags];
  assert.deepEqual(there.filter((name) => !named.includes(name)), [], 'metrics that the document does not name');
  assert.deepEqual(named.filter((name) => !there.includes(name)), [], 'metrics that the document names and that are not there');
});

test('a scrape does not grow with the number of webhooks', async (t) => {
  const server = await Shakehook.start(t, { flags: { ...quickFlags, 'webhooks-per-scope': 1000 } });
  await server.api.venue();
  const answering = await Receiver.start(t, { answer: 500, keeps: false });
  const before = (await scrape(server)).length;
  for (let i = 0; i < 60; ++i) await server.api.webhook(answering.url, { name: `w${i}` });
  for (let i = 0; i < 6; ++i) await server.api.contact({ id: `c${i}` });
  await eventually(async () => valueOf(await scrape(server), 'shakehook_webhooks{condition="failing"}') === 60, '60 failing', 40_000);
  const text = await scrape(server);
  assert.equal(text.match(/^shakehook_failing_webhook_pending_deliveries\{/gm).length, 20);
  assert.ok(text.length < before + 20_000, `${before} bytes have become ${text.length}`);
  const told = () => server.process.errors.match(/a webhook is failing/g)?.length ?? 0;
  assert.ok(told() >= 1 && told() <= 60, `${told()} lines`);
});

test('the alerts pass their unit tests', () => {
  const folder = path.join(root, 'packaging/prometheus');
  const checked = spawnSync('promtool', ['test', 'rules', 'alerts_test.yml'], { cwd: folder, encoding: 'utf8' });
  assert.equal(checked.status, 0, checked.stdout + checked.stderr);
});

test('a real Prometheus scrapes the server by its key and evaluates the queries of the dashboard and the alerts', async (t) => {
  const { server } = await busyServer(t);
  const folder = await temporaryFolder(t);
  const example = await readFile(path.join(root, 'packaging/prometheus/prometheus.yml'), 'utf8');
  const rules = path.join(root, 'packaging/prometheus/alerts.yml');
  await writeFile(path.join(folder, 'shakehook.key'), server.adminKey);
  // The example as it is shipped, but for its places and how often it asks.
  const config = example.replace('/etc/prometheus/shakehook.key', path.join(folder, 'shakehook.key'))
    .replace('127.0.0.1:8080', new URL(server.url).host).replace('15s', '1s').replace('- alerts.yml', `- ${rules}`);
  await writeFile(path.join(folder, 'prometheus.yml'), `global: { evaluation_interval: 2s }\n${config}`);
  const port = await freePort();
  const prometheus = new Process('prometheus', [
    `--config.file=${folder}/prometheus.yml`, `--storage.tsdb.path=${folder}/data`, `--web.listen-address=127.0.0.1:${port}`,
  ]);
  t.after(() => prometheus.end('SIGKILL'));
  const ask = async (route) => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/${route}`).catch(() => null);
    return response?.ok ? response.json() : null;  // 503 before it is ready
  };
  const query = async (expression) => ask(`query?query=${encodeURIComponent(expression)}`);
  await eventually(async () => {
    const response = await query('count_over_time(shakehook_webhooks{condition="failing"}[1m])');
    return response?.status === 'success' && Number(response.data.result[0]?.value[1]) >= 3;
  }, 'three scrapes', 60_000, () => prometheus.errors.slice(-2000));
  assert.equal((await query('up{job="shakehook"}')).data.result[0].value[1], '1');
  // A rate needs something that happened between two scrapes.
  for (let i = 0; i < 10; ++i) await server.api.contact({ id: `later${i}` });
  await eventually(async () => {
    const response = await query('sum(rate(shakehook_attempt_outcomes_total{outcome="2xx"}[1m])) > 0');
    return response.data.result.length > 0;
  }, 'rate of attempts', 30_000);

  const dashboard = JSON.parse(await readFile(path.join(root, 'packaging/grafana/shakehook.json'), 'utf8'));
  const queries = dashboard.panels.flatMap((panel) => (panel.targets ?? []).map(({ expr }) => ({ title: panel.title, expr })));
  assert.ok(queries.length > 40, `${queries.length} queries`);
  for (const { title, expr } of queries) {
    const response = await query(expr.replaceAll('$instance', '.*').replaceAll('[5m]', '[1m]'));
    assert.equal(response?.status, 'success', `${title}: ${expr}`);
    assert.equal(response.data.resultType, 'vector', `${title}: ${expr}`);
    assert.ok(response.data.result.length > 0, `${title} shows nothing: ${expr}`);
  }

  const { data } = await ask('rules');
  const alerts = data.groups.flatMap((group) => group.rules);
  assert.ok(alerts.length >= 16);
  await eventually(async () => (await ask('rules')).data.groups[0].rules.every((rule) => rule.lastEvaluation > '2000'), 'evaluation', 70_000);
  for (const rule of (await ask('rules')).data.groups.flatMap((group) => group.rules)) {
    assert.notEqual(rule.health, 'err', `${rule.name}: ${rule.lastError}`);
    const response = await query(rule.query);
    assert.equal(response?.data.resultType, 'vector', `${rule.name}: ${rule.query}`);
    // Each metric of an alert exists, so that none is silent for a misspelled name.
    for (const [name] of rule.query.matchAll(/\b(?:shakehook|process)_[a-z0-9_]+/g)) {
      if (onlyWithFlags.includes(name)) continue;
      const found = await query(`count({__name__="${name}"})`);
      assert.ok(found.data.result.length > 0, `${rule.name}: there is no ${name}`);
    }
  }
});
