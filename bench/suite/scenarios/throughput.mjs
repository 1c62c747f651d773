// How many contacts are created and delivered a second.

// Returns the rate that the server accepts and delivers in a short closed loop, its end included. Open loops use it.
async function capacity(scenario, server, each, load) {
  const before = await server.delivered();
  const begin = performance.now();
  const loaded = await server.load({ seconds: scenario.quick ? 2 : 4, connections: scenario.connections, ...load });
  await scenario.drain(server, before + loaded.accepted * each);
  return loaded.accepted / ((performance.now() - begin) / 1000);
}

export const scenarios = [
  {
    name: 'fan-out-1',
    what: 'contacts created through the API as fast as 64 connections can, one webhook',
    async run(scenario) {
      const server = await scenario.server();
      const nginx = await scenario.nginx();
      await server.venue('v0');
      await server.webhook('v0', nginx.url());
      await scenario.throughput({ server, nginx, load: { venues: 'v:1', seconds: scenario.seconds(20) } });
    },
  },
  {
    name: 'fan-out-10',
    what: 'ten webhooks for each contact; contacts come at a rate of their own (open loop)',
    async run(scenario) {
      const server = await scenario.server();
      const nginx = await scenario.nginx();
      await server.venue('v0');
      for (let i = 0; i < 10; ++i) await server.webhook('v0', `${nginx.url()}/${i}`);
      const load = { venues: 'v:1' };
      const rate = scenario.options.rate ?? Math.round(0.95 * await capacity(scenario, server, 10, load));
      scenario.report.rate('offered_rate', 'contacts offered', rate);
      await scenario.throughput({ server, nginx, each: 10, load: { ...load, rate, seconds: scenario.seconds(20) } });
    },
  },
  {
    name: 'many-origins',
    what: 'one webhook for each contact, of 1,000 webhooks on 1,000 origins',
    async run(scenario) {
      const count = 1000;
      const addresses = Array.from({ length: count }, (_, i) => `127.${10 + (i >> 8)}.${i & 255}.1`);
      const server = await scenario.server();
      const nginx = await scenario.nginx({ addresses });
      for (let i = 0; i < count; ++i) {
        await server.venue(`v${i}`);
        await server.webhook(`v${i}`, nginx.url(addresses[i]));
      }
      await scenario.throughput({ server, nginx, load: { venues: `v:${count}`, seconds: scenario.seconds(20) } });
    },
  },
  {
    name: 'https',
    what: 'one webhook over TLS on kept-alive connections',
    async run(scenario) {
      const nginx = await scenario.nginx({ tls: true });
      const server = await scenario.server(['--ca-file', nginx.certificate]);
      await server.venue('v0');
      await server.webhook('v0', nginx.url());
      await scenario.throughput({ server, nginx, load: { venues: 'v:1', seconds: scenario.seconds(20) } });
    },
  },
  {
    name: 'batch-import',
    what: '100,000 contacts in batches of 1,000, one webhook',
    async run(scenario) {
      const server = await scenario.server();
      const nginx = await scenario.nginx();
      await server.venue('v0');
      await server.webhook('v0', nginx.url());
      await scenario.throughput({
        server, nginx,
        load: { venues: 'v:1', contacts: scenario.quick ? 20_000 : 100_000, batch: 1000, connections: 2, seconds: 600 },
      });
    },
  },
];
