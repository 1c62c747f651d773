// Traces over OTLP/HTTP, to a collector that is a plain HTTP server. tests/packaging/collector.test.mjs has a real one.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

import { Process, program, quickFlags, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';
import { eventually } from '../harness/eventually.mjs';
import { freePort } from '../harness/free_port.mjs';
import { Receiver } from '../harness/receiver.mjs';

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const callerSpan = '00f067aa0ba902b7';
const traceparent = (flags = '01') => `00-${traceId}-${callerSpan}-${flags}`;

const valueOf = ({ stringValue, intValue }) => stringValue ?? Number(intValue);
const flat = (list) => Object.fromEntries(list.map(({ key, value }) => [key, valueOf(value)]));

// Every span that came, its attributes as a plain object.
function spansAt(collector) {
  return collector.requests.filter(({ status }) => status === 200).flatMap(({ body }) => JSON.parse(body).resourceSpans)
    .flatMap((group) => group.scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, attributes: flat(span.attributes), resource: flat(group.resource.attributes) }))));
}
const spansOf = (collector, id) => spansAt(collector).filter((span) => span.traceId === id);

const takes = { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{"partialSuccess":{}}' };

async function start(t, { answer = takes, flags = {}, headers } = {}) {
  const collector = await Receiver.start(t, { answer });
  const folder = await temporaryFolder(t);
  const given = { ...quickFlags, 'otlp-endpoint': `http://127.0.0.1:${collector.port}`, ...flags };
  if (headers !== undefined) {
    given['otlp-headers-file'] = path.join(folder, 'headers');
    writeFileSync(given['otlp-headers-file'], headers);
  }
  const server = await Shakehook.start(t, { folder, flags: given });
  await server.api.venue();
  return { collector, server, api: server.api };
}

const metric = async (api, name) => {
  const line = (await api.get('/metrics')).split('\n').find((each) => each.startsWith(`${name} `));
  return line && Number(line.split(' ')[1]);
};

test('a request, its commit and the attempts of its event are one trace, that of a trusted caller', async (t) => {
  const { collector, server, api } = await start(t, { flags: { 'otlp-propagate': true, 'otlp-trust-traceparent': true } });
  const endpoint = await Receiver.start(t, { answer: (_, number) => (number === 0 ? 503 : 204) });
  const webhook = await api.webhook(endpoint.url);
  await api.contact({ id: 'c1', first_name: 'John' }, { traceparent: traceparent() });
  const spans = await eventually(() => {
    const found = spansOf(collector, traceId);
    return found.length >= 4 && found;
  }, 'request, commit and two attempts');
  assert.equal(spans.length, 4);
  const request = spans.find(({ kind }) => kind === 2);
  assert.equal(request.parentSpanId, callerSpan);
  assert.equal(request.name, 'POST /api/venues/{venue_id}/contacts');
  assert.equal(request.attributes['http.response.status_code'], 201);
  const commit = spans.find(({ kind }) => kind === 1);
  assert.deepEqual([commit.name, commit.parentSpanId, commit.attributes['shakehook.events']], ['commit', request.spanId, 1]);
  const attempts = spans.filter(({ kind }) => kind === 3).sort((a, b) => a.attributes['shakehook.attempt'] - b.attributes['shakehook.attempt']);
  assert.deepEqual(attempts.map(({ parentSpanId }) => parentSpanId), [commit.spanId, commit.spanId]);
  assert.deepEqual(attempts.map(({ attributes }) => attributes['http.response.status_code']), [503, 204]);
  assert.deepEqual(attempts.map(({ status }) => status?.code), [2, undefined]);
  assert.equal(attempts[0].attributes['shakehook.webhook.id'], webhook.id);
  assert.equal(attempts[0].attributes['server.port'], endpoint.port);
  const now = Date.now();
  for (const { startTimeUnixNano, endTimeUnixNano, resource } of spans) {
    assert.ok(BigInt(startTimeUnixNano) <= BigInt(endTimeUnixNano));
    assert.ok(Math.abs(Number(BigInt(startTimeUnixNano) / 1_000_000n) - now) < 60_000);
    assert.equal(resource['service.name'], 'shakehook');
  }
  // The receiver is told which attempt it sees.
  assert.deepEqual(endpoint.requests.map(({ headers }) => headers.traceparent), attempts.map(({ spanId }) => `00-${traceId}-${spanId}-01`));
  assert.deepEqual(collector.requests.map((each) => each.path).filter((each) => each !== '/v1/traces'), []);
  assert.equal(collector.requests[0].headers['content-type'], 'application/json');
  for (const { body } of collector.requests) assert.ok(!String(body).includes(server.adminKey) && !String(body).includes('/webhooks/bookingshake'));
  assert.ok(await metric(api, 'shakehook_trace_spans_exported_total') >= 4);
});

test('a caller’s traceparent is a link in the trace that the request begins, however often it is the same', async (t) => {
  const { collector, api } = await start(t, { flags: { 'otlp-propagate': true } });
  const endpoint = await Receiver.start(t);
  await api.webhook(endpoint.url);
  for (const [id, flags] of [['c1', '01'], ['c2', '00']]) await api.contact({ id }, { traceparent: traceparent(flags) });
  const requests = await eventually(() => {
    const found = spansAt(collector).filter(({ links }) => links !== undefined);
    return found.length >= 2 && found;
  }, 'both requests');
  assert.deepEqual(requests.map(({ kind, parentSpanId }) => [kind, parentSpanId]), [[2, undefined], [2, undefined]]);
  for (const { links } of requests) assert.deepEqual(links, [{ traceId, spanId: callerSpan }]);
  assert.equal(new Set(requests.map((span) => span.traceId)).size, 2);
  assert.deepEqual(spansOf(collector, traceId), []);
  const told = (await endpoint.received(2)).map(({ headers }) => headers.traceparent.split('-')[1]);
  assert.deepEqual(told.sort(), requests.map((span) => span.traceId).sort());
});

test('the span of an attempt names the endpoint that it was sent to, also where the webhook was edited meanwhile', async (t) => {
  const { collector, api } = await start(t);
  let goOn;
  const edited = new Promise((resolve) => { goOn = resolve; });
  const old = await Receiver.start(t, { answer: () => edited.then(() => 204) });
  const other = await Receiver.start(t);
  const webhook = await api.webhook(old.url);
  await api.contact({ id: 'c1' });
  await old.received(1);
  await api.patch(`/api/webhooks/${webhook.id}`, { url: other.url });
  goOn();
  const attempt = await eventually(() => spansAt(collector).find(({ kind }) => kind === 3), 'the attempt');
  assert.equal(attempt.attributes['server.port'], old.port);
});

test('a bad traceparent is none, and a trusted caller who samples nothing is obeyed', async (t) => {
  const { collector, api } = await start(t, { flags: { 'otlp-propagate': true, 'otlp-trust-traceparent': true } });
  const endpoint = await Receiver.start(t);
  await api.webhook(endpoint.url);
  await api.contact({ id: 'c1' }, { traceparent: traceparent().toUpperCase() });
  await api.contact({ id: 'c2' }, { traceparent: traceparent('00') });
  await endpoint.received(2);
  const attempts = await eventually(() => {
    const found = spansAt(collector).filter(({ kind, attributes }) => kind === 3 && attributes['shakehook.event.type'] === 'contact.created');
    return found.length > 0 && found;
  }, 'the attempt of the first');
  assert.notEqual(attempts[0].traceId, traceId);
  assert.ok(spansAt(collector).some(({ traceId: id, kind }) => id === attempts[0].traceId && kind === 2), 'in the trace that its request began');
  const told = endpoint.requests.map(({ headers }) => headers.traceparent);
  assert.equal(told.filter((each) => each.startsWith(`00-${traceId}-`) && each.endsWith('-00')).length, 1);
  await api.contact({ id: 'c3' });
  await eventually(() => spansAt(collector).filter(({ kind }) => kind === 3).length >= 2, 'a later attempt');
  assert.deepEqual(spansOf(collector, traceId), []);
});

test('receivers are told nothing unless the operator wants it; a webhook’s own header stays', async (t) => {
  const { api, server } = await start(t);
  const endpoint = await Receiver.start(t);
  await api.webhook(endpoint.url, { headers: { Traceparent: 'mine' } });
  await api.contact({ id: 'c1' });
  assert.deepEqual((await endpoint.received(1))[0].headers.traceparent, 'mine');
  await server.restart({ flags: { ...server.flags, 'otlp-propagate': true } });
  await server.api.contact({ id: 'c2' });
  const [, second] = await endpoint.received(2);
  assert.equal(second.rawHeaders.filter((name) => name.toLowerCase() === 'traceparent').length, 1);
  assert.equal(second.headers.traceparent, 'mine');
});

test('a collector that fails costs nobody anything, and what it does not take is counted', async (t) => {
  let answer = 400;
  const { collector, server, api } = await start(t, { answer: () => (answer === 200 ? takes : answer), headers: '# of the collector\nAuthorization: Bearer s3cretT0ken\n' });
  await api.contact({ id: 'c1' });
  await eventually(async () => await metric(api, 'shakehook_trace_spans_dropped_total{reason="collector"}') > 0, 'spans are counted as lost');
  assert.equal(collector.requests[0].headers.authorization, 'Bearer s3cretT0ken');
  await eventually(() => /traces are not exported/.test(server.process.errors), 'the log says so');
  assert.equal(server.process.errors.match(/traces are not exported/g).length, 1);
  answer = 503;
  const tried = collector.requests.length;
  await api.contact({ id: 'c2' });
  await eventually(() => collector.requests.length >= tried + 2, 'a busy collector is asked again', 15_000);
  answer = 200;
  await eventually(() => /takes traces again/.test(server.process.errors), 'it is told that it works', 20_000);
  await collector.close();
  const began = Date.now();
  for (let i = 0; i < 50; ++i) await api.contact({ id: `more-${i}` });
  assert.ok(Date.now() - began < 5_000);
  assert.ok(!server.process.errors.includes('s3cretT0ken'));
  assert.equal((await server.stop()).code, 0);
});

test('what ended before the stop is sent', async (t) => {
  const { collector, server, api } = await start(t, { flags: { 'otlp-trust-traceparent': true } });
  await api.contact({ id: 'c1' }, { traceparent: traceparent() });
  await server.stop();
  assert.deepEqual(spansOf(collector, traceId).map(({ kind }) => kind).sort(), [1, 2]);
});

test('off by default: no series, no span, no header', async (t) => {
  const server = await Shakehook.start(t);
  const endpoint = await Receiver.start(t);
  await server.api.venue();
  await server.api.webhook(endpoint.url);
  await server.api.contact({ id: 'c1' }, { traceparent: traceparent() });
  const [got] = await endpoint.received(1);
  assert.equal(got.headers.traceparent, undefined);
  assert.doesNotMatch(await server.api.get('/metrics'), /shakehook_trace_/);
});

test('wrong settings are refused by name, and the doctor tries the collector', async (t) => {
  const folder = await temporaryFolder(t);
  const headers = path.join(folder, 'headers');
  writeFileSync(headers, 'X-Token: fine\nsecret without a name\n');
  const says = async (command, ...flags) => {
    const ran = new Process(program, [...command, '--database', `sqlite:${folder}/shakehook.db`, ...flags], { cwd: folder });
    const { code } = await ran.exit;
    return { code, text: ran.output + ran.errors };
  };
  const port = await freePort();
  const endpoint = ['--otlp-endpoint', `http://127.0.0.1:${port}`];
  assert.match((await says(['config', 'check'], '--otlp-endpoint', 'ftp://x')).text, /--otlp-endpoint: /);
  assert.match((await says(['config', 'check'], '--otlp-endpoint', 'http://x/?a=1')).text, /--otlp-endpoint: .*query/);
  assert.match((await says(['config', 'check'], '--otlp-propagate')).text, /--otlp-propagate: --otlp-endpoint is missing/);
  assert.match((await says(['config', 'check'], '--otlp-trust-traceparent')).text, /--otlp-trust-traceparent: --otlp-endpoint is missing/);
  assert.match((await says(['config', 'check'], ...endpoint, '--otlp-sample', '2')).text, /--otlp-sample: .*0 to 1/);
  const bad = await says(['serve', '--listen', '127.0.0.1:0'], ...endpoint, '--otlp-headers-file', headers);
  assert.equal(bad.code, 1);
  assert.match(bad.text, /headers line 2: the line is not "Name: value"/);
  assert.doesNotMatch(bad.text, /secret without/);
  const doctor = await says(['doctor'], ...endpoint);
  assert.match(doctor.text, /warning +traces .*cannot be reached/);
  assert.match((await says(['doctor'])).text, /ok +traces/);
});
