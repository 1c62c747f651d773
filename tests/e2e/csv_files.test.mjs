// CSV files as spreadsheets, databases and other systems write them, byte for byte: each is read right or refused by row,
// and a dry run says before what an import does.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import test from 'node:test';

import { csvFiles } from '../csv/csv_files.mjs';
import { eventually } from '../harness/eventually.mjs';
import { Shakehook } from '../harness/shakehook.mjs';

const folder = new URL('../csv/files/', import.meta.url);
const known = ['id', 'first_name', 'last_name', 'email', 'address_line_1'];
const csv = { 'Content-Type': 'text/csv' };
const countsOf = ({ rows, created, updated, unchanged, refused }) => ({ rows, created, updated, unchanged, refused });

async function start(t) {
  const server = await Shakehook.start(t);
  return server.api;
}

async function finished(api, { id }) {
  return eventually(async () => {
    const job = await api.get(`/api/imports/${id}`);
    return job.state !== 'running' && job;
  }, 'end of the import');
}

test('every file has its place in the list', async () => {
  assert.deepEqual((await readdir(folder)).sort(), csvFiles.map(({ file }) => file).sort());
});

test('the files that people have are read right, or refused by row', async (t) => {
  const api = await start(t);
  for (const [at, { file, ask = {}, encoding, delimiter, contacts, refused = {}, columns = (all) => all, unaided }] of csvFiles.entries()) {
    await t.test(file, async () => {
      const venue = `v${at}`;
      await api.venue(venue);
      const { code } = await api.post('/api/fields', { venue_id: venue, collection: 'clients', label: 'Budget', type: 'number' });
      const path = (query) => `/api/venues/${venue}/imports?${new URLSearchParams({ kind: 'contact', columns: columns([...known, code]).join(','), ...query })}`;
      const bytes = await readFile(new URL(file, folder));
      if (unaided) {
        const { status, body } = await api.call('POST', path({}), bytes, csv);
        assert.equal(status, 422);
        assert.equal(body.errors[0].field, unaided);
      }
      const shown = await api.post(path({ ...ask, dry_run: true }), bytes, csv);
      assert.equal(shown.encoding, encoding);
      assert.equal(shown.delimiter, delimiter);
      assert.deepEqual((await api.get(`/api/venues/${venue}/contacts`)).data, []);
      const job = await finished(api, await api.post(path(ask), bytes, csv));
      assert.equal(job.encoding, encoding);
      assert.equal(job.delimiter, delimiter);
      assert.deepEqual(countsOf(shown), countsOf(job));
      assert.equal(job.created, Object.keys(contacts).length);
      const { data } = await api.get(`/api/venues/${venue}/contacts`);
      const found = Object.fromEntries(data.map(({ id, created_at, [code]: budget, ...rest }) => [id, { ...rest, budget }]));
      assert.deepEqual(found, contacts);
      assert.deepEqual(Object.fromEntries(shown.sample.map(({ data: { id, [code]: budget, ...rest } }) => [id, { ...rest, budget }])), contacts);
      const { data: errors } = await api.get(`/api/imports/${job.id}/errors`);
      assert.deepEqual(errors, shown.errors);
      assert.deepEqual(errors.map(({ row }) => String(row)), Object.keys(refused));
      for (const { row, errors: [{ detail }] } of errors) assert.match(detail, refused[row]);
    });
  }
});

test('a dry run counts what an import does, also of rows that change each other', async (t) => {
  const api = await start(t);
  await api.venue();
  await api.contact({ id: 'old', city: 'Lyon' });
  await api.contact({ id: 'same', city: 'Lyon' });
  let text = 'id,city,email\nold,Paris,\nsame,Lyon,\nnew,Nice,\nnew,Nice,\nnew,Metz,\nbad,Nice,nobody\n,Brest,\n';
  for (let i = 0; i < 1000; ++i) text += `r${i % 700},Town ${i % 350},r@example.org\n`;
  const path = '/api/venues/venue123/imports?kind=contact';
  const shown = await api.post(`${path}&dry_run=true`, text, csv);
  const again = await api.post(`${path}&dry_run=true`, text, csv);
  assert.deepEqual([countsOf(again), again.errors], [countsOf(shown), shown.errors]);
  assert.equal((await api.get('/api/venues/venue123/imports')).data.length, 0);
  const job = await finished(api, await api.post(path, text, csv));
  assert.deepEqual(countsOf(job), countsOf(shown));
  assert.deepEqual(countsOf(job), { rows: 1007, created: 702, updated: 2, unchanged: 302, refused: 1 });
});

test('a client overrides what is recognized, and is told where that cannot be', async (t) => {
  const api = await start(t);
  await api.venue();
  const post = (query, body, headers = csv) => api.call('POST', `/api/venues/venue123/imports?kind=contact&dry_run=true&${query}`, body, headers);
  const latin = Buffer.from('id,first_name\nc1,Zo\xe9\n', 'latin1');
  assert.equal((await post('', latin)).body.sample[0].data.first_name, 'Zoé');
  assert.equal((await post('encoding=windows-1251', latin)).body.sample[0].data.first_name, 'Zoй');
  assert.equal((await post('', latin, { 'Content-Type': 'text/csv; charset=windows-1251' })).body.sample[0].data.first_name, 'Zoй');
  const asUtf8 = (await post('encoding=utf-8', latin)).body;
  assert.equal(asUtf8.refused, 1);
  assert.deepEqual(asUtf8.sample, []);
  assert.equal((await post('delimiter=semicolon&columns=id', latin)).body.header[0], 'id,first_name');
  for (const [query, body, field] of [
    ['encoding=klingon', latin, 'encoding'],
    ['encoding=windows-1252', Buffer.from('\ufeffid\nc1\n'), 'encoding'],
    ['delimiter=space', latin, 'delimiter'],
    ['', 'sep=:\nid:city\nc1:Paris\n', 'delimiter'],
    ['', 'id,Town\nc1,Paris\n', 'columns'],
    ['', 'id,id\nc1,c2\n', 'columns'],
    ['', 'id,\nc1,Paris\n', 'columns'],
    ['', '"id,city\nc1,Paris\n', ''],
  ]) {
    const { status, body: problem } = await post(query, body);
    assert.equal(status, 422, `${query} ${body}`);
    assert.equal(problem.errors[0].field, field, `${query} ${body}`);
  }
  const skipped = (await post('skip_unknown=true', 'Nom,Town\nZoé,Paris\n')).body;
  assert.deepEqual([skipped.columns, skipped.examples, skipped.unchanged], [['', ''], ['Zoé', 'Paris'], 1]);
});
