// Traces to a real OpenTelemetry collector (rotel), which prints what it understood.
import assert from 'node:assert/strict';
import path from 'node:path';
import test from 'node:test';

import { eventually } from '../harness/eventually.mjs';
import { freePort } from '../harness/free_port.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { Process, quickFlags, Shakehook, temporaryFolder } from '../harness/shakehook.mjs';
import { fileOf, missing } from './tools.mjs';

const rotel = fileOf('rotel/rotel-agent');
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';

test('a collector understands the spans', { skip: missing(rotel) }, async (t) => {
  const folder = await temporaryFolder(t);
  const [http, grpc] = [await freePort(), await freePort()];
  const collector = new Process(rotel, ['start', '--debug-log', 'traces', '--debug-log-verbosity', 'detailed', '--exporter', 'blackhole',
    '--otlp-http-endpoint', `127.0.0.1:${http}`, '--otlp-grpc-endpoint', `127.0.0.1:${grpc}`, '--pid-file', path.join(folder, 'pid'), '--log-file', path.join(folder, 'log')]);
  t.after(() => collector.end('SIGKILL'));
  const said = () => (collector.output + collector.errors).replaceAll(/\x1b\[[0-9;]*m/g, '');
  await eventually(() => /Starting Rotel/.test(said()), 'the collector runs');
  const server = await Shakehook.start(t, { flags: { ...quickFlags, 'otlp-endpoint': `http://localhost:${http}`, 'otlp-trust-traceparent': true } });
  const endpoint = await Receiver.start(t, { answer: (_, number) => (number === 0 ? 500 : 204) });
  await server.api.venue();
  await server.api.webhook(endpoint.url);
  await server.api.contact({ id: 'c1' }, { traceparent: `00-${traceId}-00f067aa0ba902b7-01` });
  await eventually(() => said().split(`Trace ID       : ${traceId}`).length - 1 === 4, 'request, commit and two attempts', 20_000, said);
  const spans = said().split(/^Span #\d+$/m).filter((each) => each.includes(traceId));
  const line = (span, name) => span.match(new RegExp(`^ +${name} *: (.*)$`, 'm'))[1].trim();
  const of = (kind) => spans.filter((span) => line(span, 'Kind') === `SPAN_KIND_${kind}`);
  const [request] = of('SERVER');
  assert.equal(line(request, 'Name'), 'POST /api/venues/{venue_id}/contacts');
  assert.equal(line(request, 'Parent ID'), '00f067aa0ba902b7');
  assert.match(request, /http\.response\.status_code: Int\(201\)/);
  const [commit] = of('INTERNAL');
  assert.equal(line(commit, 'Parent ID'), line(request, 'ID'));
  assert.deepEqual(of('CLIENT').map((span) => line(span, 'Parent ID')), [line(commit, 'ID'), line(commit, 'ID')]);
  assert.deepEqual(of('CLIENT').map((span) => span.match(/http\.response\.status_code: Int\((\d+)\)/)[1]).sort(), ['204', '500']);
  assert.match(said(), /service\.name: Str\(shakehook\)/);
  assert.match(await server.api.get('/metrics'), /^shakehook_trace_spans_dropped_total\{reason="collector"\} 0$/m);
});
