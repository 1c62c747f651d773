// Names as real networks have them: name servers that are silent, search domains, strange files.
import assert from 'node:assert/strict';
import net from 'node:net';
import test from 'node:test';

import { eventually, sleep } from '../harness/eventually.mjs';
import { NameServer } from '../harness/name_server.mjs';
import { inOwnNetwork, ip, writeHosts, writeResolvConf } from '../harness/own_network.mjs';
import { Receiver } from '../harness/receiver.mjs';
import { quickFlags, Shakehook } from '../harness/shakehook.mjs';

const missing = { code: 3 };
const servfail = { code: 2 };

// A server with a receiver, on both IPv4 and IPv6; `url` is the receiver's by the name.
async function start(t, resolvConf, flags = {}) {
  writeResolvConf(resolvConf);
  writeHosts('127.0.0.1 localhost\n');
  const server = await Shakehook.start(t, { flags: { ...quickFlags, 'allow-target': ['127.0.0.0/8', '::1'], ...flags } });
  const receiver = await Receiver.start(t, { address: '::' });
  await server.api.venue();
  return { server, api: server.api, receiver, url: (name) => `http://${name}:${receiver.port}/` };
}

let contacts = 0;
// Makes a contact and gives its delivery to the webhook, once that is over, and how long that took.
async function deliver(api, webhook, msMax = 15_000) {
  const began = Date.now();
  await api.contact({ id: `contact-${++contacts}` });
  const find = async () => (await api.deliveries(`webhook_id=${webhook.id}&resource_id=contact-${contacts}`))[0];
  const delivery = await eventually(async () => {
    const found = await find();
    return found && found.status !== 'pending' && found;
  }, 'end of the delivery', msMax, async () => JSON.stringify(await find()));
  return { delivery, ms: Date.now() - began };
}

if (inOwnNetwork(import.meta.url)) {
  test('an AAAA question that is never answered holds nothing up', async (t) => {
    await NameServer.start(t, (name, type) => (type === 'AAAA' ? null : ['127.0.0.1']));
    const { api, url } = await start(t, 'nameserver 127.0.0.1\n');
    const webhook = await api.webhook(url('router.example'));
    for (const pause of [0, 1500, 3000]) {
      await sleep(pause);
      const { delivery, ms } = await deliver(api, webhook);
      assert.equal(delivery.status, 'delivered');
      assert.ok(ms < 800, `after ${pause} ms it took ${ms} ms`);
    }
  });

  test('nor does it with two such name servers', async (t) => {
    const answer = (name, type) => (type === 'AAAA' ? null : ['127.0.0.1']);
    await NameServer.start(t, answer);
    await NameServer.start(t, answer, { address: '127.0.0.2' });
    const { api, url } = await start(t, 'nameserver 127.0.0.1\nnameserver 127.0.0.2\n');
    const { delivery, ms } = await deliver(api, await api.webhook(url('router.example')));
    assert.equal(delivery.status, 'delivered');
    assert.ok(ms < 800, `${ms} ms`);
  });

  test('an IPv6 address alone is used though the A question is never answered', async (t) => {
    await NameServer.start(t, (name, type) => (type === 'A' ? null : [name === 'six.example' ? '::1' : '::ffff:127.0.0.1']));
    const { api, receiver, url } = await start(t, 'nameserver 127.0.0.1\n');
    receiver.answer = { status: 204, headers: { connection: 'close' } };  // the name is looked up each time
    for (const name of ['six.example', 'mapped.example']) {
      const webhook = await api.webhook(url(name));
      for (const pause of [0, 1500, 4000]) {
        await sleep(pause);
        const { delivery, ms } = await deliver(api, webhook);
        assert.equal(delivery.status, 'delivered', name);
        assert.equal(delivery.attempt_count, 1, name);
        assert.ok(ms < 800, `${name} after ${pause} ms took ${ms} ms`);
      }
      await api.delete(`/api/webhooks/${webhook.id}`);
    }
  });

  test('an address that does not react gets a rival of the other family', async (t) => {
    // The loopback device drops packets to addresses that are not its own, and says nothing.
    ip('route', 'add', '10.9.9.0/24', 'dev', 'lo');
    t.after(() => ip('route', 'del', '10.9.9.0/24', 'dev', 'lo'));
    await NameServer.start(t, () => ['10.9.9.9', '::1']);
    const { api, receiver, url } = await start(t, 'nameserver 127.0.0.1\n', { 'allow-target': ['10.9.9.0/24', '::1'] });
    const silent = net.connect(receiver.port, '10.9.9.9');
    t.after(() => silent.destroy());
    const reactions = [];
    for (const reaction of ['connect', 'error']) silent.on(reaction, () => reactions.push(reaction));
    await sleep(600);
    assert.deepEqual(reactions, [], 'this machine reacts for the address');
    const { delivery, ms } = await deliver(api, await api.webhook(url('two.example')));
    assert.equal(delivery.status, 'delivered');
    assert.equal(delivery.attempt_count, 1);
    assert.ok(ms >= 200 && ms < 1000, `${ms} ms`);
  });

  test('a first name server that is dead is waited for once, not at every name', async (t) => {
    await NameServer.start(t, () => null);
    await NameServer.start(t, () => ['127.0.0.1'], { address: '127.0.0.2' });
    const { api, url } = await start(t, 'nameserver 127.0.0.1\nnameserver 127.0.0.2\n', { threads: 1 });
    const times = [];
    for (let i = 0; i < 6; ++i) {
      const webhook = await api.webhook(url(`n${i}.example`));
      times.push((await deliver(api, webhook)).ms);
      await api.delete(`/api/webhooks/${webhook.id}`);
    }
    assert.ok(times[0] < 1500, `${times} ms`);
    assert.ok(Math.max(...times.slice(1)) < 250, `${times} ms`);
  });

  test('a name with a dot is never looked for in the search domains', async (t) => {
    const wrong = await Receiver.start(t);
    const names = await NameServer.start(t, (name) => {
      if (name === 'hooks.customer.example' || name === 'plain.customer.example') return ['127.0.0.1'];
      return name.endsWith('.cluster.local') ? ['127.0.0.1'] : missing;
    });
    const { api, receiver, url } = await start(
      t, 'search svc.cluster.local cluster.local\nnameserver 127.0.0.1\noptions ndots:5\n', { 'max-retries': 0 },
    );
    const first = await api.webhook(url('hooks.customer.example'));
    assert.equal((await deliver(api, first)).delivery.status, 'delivered');
    assert.equal(receiver.requests[0].headers.host, `hooks.customer.example:${receiver.port}`);
    await api.delete(`/api/webhooks/${first.id}`);
    const gone = await api.webhook(`http://gone.customer.example:${wrong.port}/`);
    const { delivery } = await deliver(api, gone);
    assert.equal(delivery.status, 'failed');
    assert.equal(delivery.attempt_count, 1);
    assert.equal(wrong.requests.length, 0);
    assert.deepEqual(names.names().filter((name) => name.endsWith('.local')), []);
    await api.delete(`/api/webhooks/${gone.id}`);
    // A final dot changes nothing, and is not sent.
    const dotted = await api.webhook(url('plain.customer.example.'));
    assert.equal((await deliver(api, dotted)).delivery.status, 'delivered');
    assert.equal(receiver.requests.at(-1).headers.host, `plain.customer.example:${receiver.port}`);
    await api.delete(`/api/webhooks/${dotted.id}`);
    // Where private targets are open, a bare name is a container's or a service's.
    assert.equal((await deliver(api, await api.webhook(url('my_app')))).delivery.status, 'delivered');
    assert.ok(names.names().includes('my_app.svc.cluster.local'));
    assert.equal(receiver.requests.at(-1).headers.host, `my_app:${receiver.port}`);
  });

  test('a link-local name server with its zone is asked, and the others too', async (t) => {
    ip('addr', 'add', 'fe80::53/64', 'dev', 'lo');
    t.after(() => ip('addr', 'del', 'fe80::53/64', 'dev', 'lo'));
    await sleep(100);
    const zoned = await NameServer.start(t, () => ['127.0.0.1'], { address: 'fe80::53%lo' });
    const { api, url } = await start(t, 'nameserver fe80::53%lo\n');
    assert.equal((await deliver(api, await api.webhook(url('zoned.example')))).delivery.status, 'delivered');
    assert.ok(zoned.names().includes('zoned.example'));
    zoned.close();
    const other = await NameServer.start(t, () => ['127.0.0.1'], { address: '::1' });
    writeResolvConf('nameserver fe80::53%lo\r\nnameserver fe80::1%nowhere\r\nnameserver ::1\r\n');
    assert.equal((await deliver(api, await api.webhook(url('other.example')))).delivery.status, 'delivered');
    assert.ok(other.names().includes('other.example'));
  });

  test('resolv.conf is followed while the server runs, whatever stands in it', async (t) => {
    const names = await NameServer.start(t, () => ['127.0.0.1'], { address: '127.0.0.9' });
    const { api, url } = await start(t, '\n');
    const texts = [
      '# a comment\r\n; another\r\n\tnameserver\t127.0.0.9 # here\r\noptions edns0 trust-ad timeout:1 attempts:1\r\n',
      'nameserver 127.0.0.11\nnameserver 127.0.0.12\nnameserver 127.0.0.13\nnameserver 127.0.0.14\nnameserver 127.0.0.9\n',
      'domain corp.example\nsortlist 10.0.0.0\nnonsense\nnameserver\nnameserver no.address\noptions rotate single-request\nnameserver 127.0.0.9',
      'options use-vc\nnameserver 127.0.0.9\n',
    ];
    for (const [i, text] of texts.entries()) {
      writeResolvConf(text);
      const webhook = await api.webhook(url(`file${i}.example`));
      const { delivery } = await deliver(api, webhook);
      assert.equal(delivery.status, 'delivered', text);
      assert.ok(names.names().includes(`file${i}.example`), text);
      await api.delete(`/api/webhooks/${webhook.id}`);
    }
  });

  test('without a name server in the file this machine is asked, and /etc/hosts goes first', async (t) => {
    const names = await NameServer.start(t, (name) => (name === 'local.example' ? ['127.0.0.1'] : missing));
    const { api, url } = await start(t, '');
    const local = await api.webhook(url('local.example'));
    assert.equal((await deliver(api, local)).delivery.status, 'delivered');
    await api.delete(`/api/webhooks/${local.id}`);
    writeHosts('# by hand\r\n127.0.0.1\tlocalhost\r\n127.0.0.1   box.corp.example\tbox # here\r\n');
    const hosts = await api.webhook(url('box.corp.example'));
    assert.equal((await deliver(api, hosts)).delivery.status, 'delivered');
    assert.ok(!names.names().includes('box.corp.example'));
  });

  test('names that fail count as attempts, name servers that cannot be reached do not', async (t) => {
    let works = true;
    const answer = (name) => {
      if (!works) return null;
      if (name === 'broken.example') return servfail;
      return name === 'good.example' ? ['127.0.0.1'] : missing;
    };
    const names = await NameServer.start(t, answer);
    const { api, server, receiver, url } = await start(t, 'nameserver 127.0.0.1\n', { 'max-retries': 1, 'retry-base': '20ms' });
    for (const name of ['broken.example', 'missing.example']) {
      const webhook = await api.webhook(url(name));
      const { delivery } = await deliver(api, webhook);
      assert.equal(delivery.status, 'failed');
      assert.equal(delivery.attempt_count, 2);
      await api.delete(`/api/webhooks/${webhook.id}`);
    }
    receiver.answer = { status: 204, headers: { connection: 'close' } };  // a connection that is kept open needs no lookup
    const webhook = await api.webhook(url('good.example'));
    const postponed = async () => {
      const metrics = (await api.call('GET', '/metrics')).body;
      return Number(metrics.match(/^shakehook_attempts_postponed_total\{reason="name servers"\} (\d+)$/m)[1]);
    };
    const held = async () => {
      const before = await postponed();
      await api.contact({ id: `contact-${++contacts}` });
      await eventually(async () => await postponed() > before, 'attempt that is put off');
      await sleep(1500);
      const [delivery] = await api.deliveries(`webhook_id=${webhook.id}&status=pending`);
      assert.equal(delivery.attempt_count, 0);
      assert.equal((await api.get(`/api/webhooks/${webhook.id}`)).health.consecutive_failures, 0);
    };
    works = false;  // silent
    await held();
    assert.match(server.process.output + server.process.errors, /deliveries wait .*name server/);
    const tested = await api.post(`/api/webhooks/${webhook.id}/test`, { event: 'contact.created' });
    assert.match(tested.attempts[0].error.message, /name server/);
    works = true;
    await receiver.received(1);
    await eventually(async () => (await api.deliveries(`webhook_id=${webhook.id}&status=delivered`))[0], 'delivery');
    await sleep(1100);  // the address is forgotten
    names.close();  // refused
    await sleep(100);
    await held();
    await NameServer.start(t, answer);
    await receiver.received(2);
    const delivered = await eventually(async () => {
      const found = await api.deliveries(`webhook_id=${webhook.id}&status=delivered`);
      return found.filter((each) => !each.test).length === 2 && found;
    }, 'both deliveries');
    assert.ok(delivered.every((each) => each.attempt_count === 1));
  });

  test('a machine without a network waits for it, and counts no attempt', async (t) => {
    const { api, server } = await start(t, 'nameserver 127.0.0.1\n', { 'allow-target': '198.51.100.0/24', 'max-retries': 1 });
    const receiver = await Receiver.start(t);
    const webhook = await api.webhook(`http://198.51.100.7:${receiver.port}/`);
    await api.contact({ id: 'contact-offline' });
    await eventually(() => server.process.errors.includes('network') || server.process.output.includes('network'), 'a line');
    await sleep(1500);
    const [delivery] = await api.deliveries(`webhook_id=${webhook.id}`);
    assert.equal(delivery.status, 'pending');
    assert.equal(delivery.attempt_count, 0);
    const metrics = (await api.call('GET', '/metrics')).body;
    assert.match(metrics, /shakehook_attempts_postponed_total\{reason="network"\} [1-9]/);
    // The network comes up: the address is this machine's, and the receiver listens on another one.
    ip('addr', 'add', '198.51.100.7/32', 'dev', 'lo');
    t.after(() => ip('addr', 'del', '198.51.100.7/32', 'dev', 'lo'));
    const refused = await eventually(async () => (await api.deliveries('status=failed'))[0], 'failed delivery', 30_000);
    assert.equal(refused.attempt_count, 2);
  });
}
