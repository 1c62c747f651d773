// Which scenarios run when. Each is in one of these lists; `./dev bench neighbours` runs them all. `scale` is the part of
// the attack's full size, `ms` how long it lasts (of the walk: each route).

// In every run of the tests.
export const everyRun = [
  { name: 'walk', ms: 150 },
  { name: 'many-members', ms: 1_000 },
  { name: 'unfinished-bodies', ms: 1_500, scale: 0.5 },
  { name: 'pipelined', ms: 800 },
  { name: 'many-headers', ms: 800 },
  { name: 'field-renames', ms: 1_000 },
  { name: 'webhook-edits', ms: 800 },
  { name: 'webhook-switches', ms: 800 },
  { name: 'new-keys', ms: 800 },
  { name: 'searches-at-once', ms: 1_000, scale: 0.25 },
  { name: 'searches-hung-up', ms: 1_500, scale: 0.5 },
  { name: 'long-lists', ms: 1_000, scale: 0.25 },
  { name: 'one-contact', ms: 800 },
  { name: 'erasures', ms: 800, scale: 0.3 },
  { name: 'slow-receivers', ms: 4_000 },
  { name: 'redeliveries', ms: 800, scale: 0.1 },
  { name: 'test-deliveries', ms: 800, scale: 0.5 },
  { name: 'streams', ms: 1_000 },
];

// Too long or too large for every run: ./dev test --all.
export const longRuns = [
  { name: 'shapes', ms: 4_000 },
  { name: 'unfinished-bodies-with-key', ms: 4_000 },
  { name: 'endless-chunks', ms: 4_000 },
  { name: 'idle-connections', ms: 4_000 },
  { name: 'many-fields', ms: 4_000 },
  { name: 'large-fields', ms: 4_000 },
  { name: 'new-webhooks', ms: 4_000 },
  { name: 'new-inboxes', ms: 4_000 },
  { name: 'large-batches', ms: 4_000 },
  { name: 'imports', ms: 4_000 },
  { name: 'idempotency-keys', ms: 4_000 },
  { name: 'erasures-of-owed', ms: 4_000 },
  { name: 'refusing-receivers', ms: 4_000 },
  { name: 'endless-heads', ms: 4_000 },
  { name: 'strict-retries', ms: 4_000 },
  { name: 'replays', ms: 4_000 },
  { name: 'statistics', ms: 4_000 },
  { name: 'inboxes', ms: 4_000 },
  { name: 'sign-ins', ms: 4_000 },
  { name: 'large-events-slow', ms: 4_000 },
  { name: 'large-events', ms: 4_000 },
  { name: 'unread-answers', ms: 4_000 },
  { name: 'many-webhooks', ms: 4_000 },
  { name: 'large-discards', ms: 4_000 },
  { name: 'large-accounts', ms: 4_000 },
];
