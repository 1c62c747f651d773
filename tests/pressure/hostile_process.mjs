// The hostile tenant's own process: it does one scenario to the server. round.mjs starts it and talks to it.
//
// It stands for another machine, so it gets the processor time that the server and the neighbours leave. It still
// saturates the server: of two cores it gets as much as before, and what it asks for stays within 0 to 28 % of what it
// reaches at nice 5 (sign-ins 106,800 and 101,200 answered in 3 s, large-events 3,660 and 3,630, large-events-slow 7,900
// and 8,500, webhook-edits 19,300 and 23,000, inboxes 3,000 and 4,200).
import { setPriority } from 'node:os';

import { ApiClient } from '../harness/api_client.mjs';
import { HostileClient } from './hostile_client.mjs';
import { HostileReceiver } from './hostile_receiver.mjs';
import { scenarioOf } from './scenarios/all.mjs';

const nice = 19;

let scenario;
let context;

async function prepare({ name, tenant, scale }) {
  scenario = scenarioOf(name);
  const receiver = await HostileReceiver.start();
  context = {
    tenant: { ...tenant, receiver: receiver.url }, receiver, scale,
    api: new ApiClient(tenant.url, tenant.key), groupApi: new ApiClient(tenant.url, tenant.groupKey),
  };
  await scenario.prepare?.(context);
  return { parts: (await scenario.parts?.(context)) ?? ['all'] };
}

// Makes the requests of a part, so that the attack's time goes into sending them.
async function ready({ part }) {
  context = { ...context, part };
  await scenario.ready?.(context);
}

async function attack({ ms }) {
  const client = new HostileClient(context.tenant.url, Date.now() + ms);
  const began = Date.now();
  await scenario.attack({ ...context, client });
  client.close();
  return { statuses: client.statuses, hungUp: client.hungUp, refused: client.refused, tookMs: Date.now() - began };
}

const commands = { prepare, ready, attack };

setPriority(0, nice);
process.on('message', async ({ number, command, arguments_ }) => {
  try {
    process.send({ number, answer: await commands[command](arguments_) });
  } catch (error) {
    process.send({ number, error: error.stack });
  }
});
process.on('disconnect', () => process.exit(0));
