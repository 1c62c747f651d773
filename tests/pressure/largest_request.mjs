// The largest request that openapi.json allows on each route, made from the description alone, so that a new route is
// walked by itself. Where the description says less than the server demands, names tell what to fill in.
import { randomUUID } from 'node:crypto';

export const methods = ['get', 'post', 'put', 'patch', 'delete'];

const bodyBytesMax = 1024 * 1024;
const batchBytesMax = 16 * 1024 * 1024;
const importBytesMax = 20 * 1024 * 1024;
const queryTextBytes = 4 * 1024;
const dataBytesMax = 60 * 1024;  // the size of one resource or event, with some room
const defaultTextBytes = 200;
const optionsMax = 500;
const idStart = 'big';

// Fields that a resource gets when it is made, and that a change cannot contain.
const givenByTheServer = new Set(['id', 'code', 'value', 'isCustom', 'created_at', 'updated_at']);

// `tenant`: {venue, group, receiver, fields: {clients, accounts: codes of object fields}}.
export class LargestRequests {
  constructor(specification, tenant) {
    this.specification = specification;
    this.tenant = tenant;
    this.number = 0;
  }

  resolve(node) {
    if (!node?.$ref) return node ?? {};
    return node.$ref.slice(2).split('/').reduce((at, name) => at[name], this.specification);
  }

  // All of them: [{route, method, path, operation, parameters}].
  routes() {
    return Object.entries(this.specification.paths).flatMap(([path, item]) =>
      methods.filter((method) => method in item).map((method) => ({
        route: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), path, operation: item[method],
        parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map((node) => this.resolve(node)),
      })));
  }

  // The value that a name calls for; undefined: the schema alone says.
  named(name, context) {
    const { tenant } = this;
    switch (name) {
      case 'venue_id': return tenant.venue;
      case 'venues_group_id': return null;
      case 'scope': return { venue_id: tenant.venue };
      case 'url': return `${tenant.receiver}/`.padEnd(2048, 'u');
      case 'email': return `${'e'.repeat(context === 'query' ? 1000 : 200)}@example.com`;
      case 'account_id': return null;
      case 'recipients': case 'unconfirmed': return null;  // they are for e-mail, and there is no mail server
      case 'expires_at': return null;
      case 'since': return 0;
      case 'until': case 'timestamp': return Date.now();
      case 'dry_run': return false;
      case 'token': return tenant.inboxToken ?? 't'.repeat(32);
      case 'overlap_seconds': return 3600;
      default: return undefined;
    }
  }

  text(schema, fill, fallback = defaultTextBytes) {
    if (schema.const) return schema.const;
    if (schema.enum) return schema.enum.at(-1);
    if (schema.format === 'uuid') return randomUUID();
    return fill.repeat(schema.maxLength ?? fallback);
  }

  // An object of many members, as long as it may be.
  manyMembers(bytes) {
    const members = {};
    for (let i = 0, used = 2; used < bytes - 20; ++i) {
      const name = `k${i}`;
      members[name] = i % 10;
      used += name.length + 5;
    }
    return members;
  }

  // `fill`: the letter of its texts, so that two of them differ everywhere.
  value(node, { name = '', fill = 'a', creates = true, bytes = dataBytesMax }) {
    const given = this.named(name);
    if (given !== undefined) return given;
    const schema = this.resolve(node);
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => this.value(part, { fill, creates, bytes })));
    if (schema.oneOf) return this.value(schema.oneOf.at(0), { name, fill, creates, bytes });
    const types = [schema.type].flat();
    if (types.includes('object')) return this.object(schema, { fill, creates, bytes });
    if (types.includes('array')) return this.array(schema, { name, fill, creates });
    if (types.includes('boolean')) return fill === 'a';
    if (types.includes('integer') || types.includes('number')) return schema.maximum ?? schema.minimum ?? Date.now();
    return this.text(schema, fill);
  }

  object(schema, { fill, creates, bytes }) {
    const made = {};
    for (const [name, node] of Object.entries(schema.properties ?? {})) {
      if (givenByTheServer.has(name) && !schema.required?.includes(name)) continue;
      if (!creates && ['scope', 'collection', 'type', 'venue_id', 'venues_group_id', 'url'].includes(name)) continue;
      made[name] = name === 'id' ? this.freshId() : this.value(node, { name, fill, creates });
    }
    const free = schema.additionalProperties;
    if (free === true) Object.assign(made, { many: this.manyMembers(bytes - 2_000) });
    else if (free && typeof free === 'object') {
      for (let i = 0; i < 20; ++i) made[`x-${fill}-${i}`] = this.text(this.resolve(free), fill, 150);
    }
    if (schema.patternProperties) this.addCustomValues(made, schema);
    return made;
  }

  // All room that the fields leave goes to the value of one custom field.
  addCustomValues(made, schema) {
    const collection = 'first_name' in schema.properties ? 'clients' : 'accounts';
    const code = this.tenant.fields?.[collection];
    if (code) made[code] = this.manyMembers(dataBytesMax - JSON.stringify(made).length);
  }

  array(schema, { name, fill, creates }) {
    const items = this.resolve(schema.items);
    if (items.enum) return [...items.enum];
    const count = schema.maxItems ?? optionsMax;
    return Array.from({ length: name === 'data' ? optionsMax : count }, (_, index) => this.item(items, index, fill, creates));
  }

  item(schema, index, fill, creates) {
    if (schema.properties?.label) return { label: `${fill}${index} `.padEnd(100, fill), value: index };
    return this.value(schema, { fill, creates });
  }

  freshId() { return `${idStart}-${this.number++}`; }

  // A batch as large as one may be: as many items as may be, each with its part of the bytes.
  batch(schema, fill) {
    const itemBytes = Math.floor(batchBytesMax / schema.maxItems) - 200;
    const item = this.value(schema.items, { fill, creates: true });
    for (const code of Object.keys(item)) if (code.startsWith('custom_')) delete item[code];
    const code = this.tenant.fields?.['first_name' in item ? 'clients' : 'accounts'];
    if (code) item[code] = this.manyMembers(Math.max(64, itemBytes - JSON.stringify(item).length));
    return Array.from({ length: schema.maxItems }, (_, index) => ({ ...item, id: `${idStart}-batch-${index}` }));
  }

  // The path with the tenant's own ids in it, and the longest query that may follow it. `idOf(noun)` gives an id.
  target({ path, parameters }, idOf) {
    let before = '';
    const filled = path.split('/').map((part) => {
      const name = /^\{(.*)\}$/.exec(part)?.[1];
      const value = name === 'venue_id' ? this.tenant.venue : name === 'token' ? this.named('token') : idOf(before);
      if (!name) before = part;
      return name ? encodeURIComponent(value) : part;
    }).join('/');
    const query = parameters.filter((parameter) => parameter.in === 'query' && parameter.name !== 'cursor').flatMap((parameter) => {
      const value = this.parameter(parameter);
      return value === null ? [] : [`${parameter.name}=${encodeURIComponent(value)}`];
    });
    return query.length ? `${filled}?${query.join('&')}` : filled;
  }

  parameter({ name, schema: node, required }) {
    const schema = this.resolve(node);
    if (name === 'limit') return schema.maximum;
    if (name === 'q') return 'zx'.repeat(queryTextBytes / 8);
    // Filters make a list cheaper: they are left out where possible.
    if (!required && ['webhook_id', 'resource_id', 'account_id', 'email', 'status_code', 'action', 'columns'].includes(name)) return null;
    const given = this.named(name, 'query');
    if (given !== undefined) return given;
    if (schema.enum) return required ? schema.enum[0] : null;
    if (schema.oneOf) return null;
    if (schema.type === 'integer') return schema.maximum ?? 0;
    if (schema.type === 'boolean') return true;
    return required ? this.text(schema, 'q', queryTextBytes) : null;
  }

  // Bodies for a route, as {type, body, what}: the largest that is legal, in two versions that differ, then as many
  // bytes as the route may read, of what costs most to read. None: [].
  bodies({ operation, path, method }) {
    const content = this.resolve(operation.requestBody)?.content;
    if (!content) return [];
    const [type, { schema: node }] = Object.entries(content)[0];
    if (type === 'text/csv') return [{ type, what: 'file', body: this.file(path) }];
    const schema = this.resolve(node);
    const json = (value) => Buffer.from(JSON.stringify(value));
    const creates = method === 'POST';
    const whole = schema.type === 'array' ? batchBytesMax : bodyBytesMax;
    const legal = ['a', 'b'].map((fill) =>
      json(schema.type === 'array' ? this.batch(schema, fill) : this.value(schema, { fill, creates })));
    return [
      { type, what: 'legal', body: legal[0] }, { type, what: 'legal', body: legal[1] },
      { type, what: 'nested', body: nested(whole) }, { type, what: 'deep', body: deep(whole) },
      { type, what: 'members', body: manyMembersText(whole, schema.type === 'array') },
    ];
  }

  // A CSV file of the most rows, as long as it may be.
  file() {
    const rows = 99_000;
    const row = Math.floor(importBytesMax / rows) - 4;
    const lines = ['id,first_name,last_name,email,city'];
    for (let i = 0; i < rows; ++i) lines.push(`${idStart}-row-${i},F${i},L,f${i}@example.com,`.padEnd(row, 'c'));
    return Buffer.from(`${lines.join('\n')}\n`);
  }
}

// [[],[],[],…
export function nested(bytes) {
  return Buffer.from(`[${'[],'.repeat(Math.floor((bytes - 4) / 3))}[]]`);
}

// [[[[…]]]]
export function deep(bytes) {
  const half = Math.floor(bytes / 2);
  return Buffer.from('['.repeat(half) + ']'.repeat(half));
}

// {"0":0,"1":0,…, in an array where one is awaited.
export function manyMembersText(bytes, inArray) {
  const members = [];
  for (let i = 0, used = 6; used < bytes - 20; ++i) {
    const member = `"${i.toString(36)}":0`;
    members.push(member);
    used += member.length + 1;
  }
  const object = `{${members.join(',')}}`;
  return Buffer.from(inArray ? `[${object}]` : object);
}
