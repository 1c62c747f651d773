// Ledger compares the promised events with those that arrived.
//
// A contact is known by its e-mail, because an answer that was lost tells no id. Every POST carries an Idempotency-Key of
// its own, and one without a response is sent again after the restart: it must have one effect.
export class Ledger {
  constructor() {
    this.promised = new Map();  // e-mail -> id, of what was answered 201
    this.arrived = new Map();  // e-mail -> Map of Idempotency-Key -> how often
    this.bytes = new Map();  // Idempotency-Key -> the body, and who it was of
    this.faults = [];
  }

  promise(email, id) {
    const before = this.promised.get(email);
    if (before !== undefined && before !== id) this.faults.push(`${email} was promised as ${before}, then as ${id}`);
    this.promised.set(email, id);
  }

  arrive(key, body) {
    const { data } = JSON.parse(body);
    const before = this.bytes.get(key);
    if (before !== undefined && before !== body) this.faults.push(`the key ${key} came with two bodies`);
    this.bytes.set(key, body);
    const keys = this.arrived.get(data.email) ?? new Map();
    keys.set(key, (keys.get(key) ?? 0) + 1);
    this.arrived.set(data.email, keys);
    const promised = this.promised.get(data.email);
    if (promised !== undefined && promised !== data.id) this.faults.push(`${data.email} arrived as ${data.id}, not ${promised}`);
  }

  missing() { return [...this.promised.keys()].filter((email) => !this.arrived.has(email)); }
  duplicates() {
    let count = 0;
    for (const keys of this.arrived.values()) {
      for (const times of keys.values()) count += times - 1;
    }
    return count;
  }

  // `webhooks`: how many are owed each contact. `stored`: the contacts of the API at the end.
  reconcile(webhooks, stored) {
    const missing = this.missing();
    if (missing.length > 0) this.faults.push(`${missing.length} were promised and never arrived, such as ${missing[0]}`);
    for (const [email, keys] of this.arrived) {
      if (keys.size !== webhooks) this.faults.push(`${email} arrived under ${keys.size} keys, not ${webhooks}`);
    }
    const ids = new Map();
    for (const { email, id } of stored) {
      if (ids.has(email)) this.faults.push(`${email} was made twice`);
      ids.set(email, id);
    }
    for (const [email, id] of this.promised) {
      if (ids.get(email) !== id) this.faults.push(`${email} was promised as ${id} and is stored as ${ids.get(email)}`);
    }
    for (const email of this.arrived.keys()) {
      if (!ids.has(email)) this.faults.push(`${email} arrived and is not stored`);
    }
    return this.faults;
  }
}
