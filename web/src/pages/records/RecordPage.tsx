// One contact or account: its fields, the events and deliveries that it caused; to be edited and deleted.
import { Alert, Anchor, Button, Checkbox, Code as InlineCode, Group, SimpleGrid, Text } from '@mantine/core';
import { IconAlertTriangle, IconPencil, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useParams } from 'react-router';

import { api, call } from '@/api/client';
import { hasStatus } from '@/api/problem';
import type { CustomField, Event } from '@/api/schema';
import { useStream } from '@/api/stream';
import { Link, useGo } from '@/context/links';
import { usePlaces } from '@/context/place';
import { useMay } from '@/context/session';
import { ConfirmDialog } from '@/parts/ConfirmDialog';
import { type Column, DataTable } from '@/parts/DataTable';
import { DeliveryTable } from '@/parts/deliveries/DeliveryTable';
import { ErrorState } from '@/parts/ErrorState';
import { Fact } from '@/parts/Fact';
import { Loaded } from '@/parts/Loaded';
import { Loading } from '@/parts/Loading';
import { notifyDone } from '@/parts/notify';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { collections, fieldGroups, glyphs, nameOf, pathOf } from '@/parts/records/kinds';
import { useSeldom } from '@/parts/seldom';
import { Time } from '@/parts/Time';
import { deliveriesKey } from '@/queries/deliveries';
import { useFields } from '@/queries/fields';
import type { Kind, RecordData, Versioned } from '@/queries/records';
import { changeRecord, deleteRecord, listRecords, recordKey, recordsKey, useRecord } from '@/queries/records';
import { useTranslation } from '@/texts/translation';
import { changeOf, valuesOf } from './record_form';

const RecordForm = lazy(async () => ({ default: (await import('./RecordForm')).RecordForm }));

const shownMax = 20;
// An account's contacts are counted up to this: a page of the list.
const countedMax = 200;

export function RecordPage({ kind }: { kind: Kind }) {
  const { t } = useTranslation('records');
  const { venueId = '', id = '' } = useParams();
  const record = useRecord(kind, venueId, id);
  const fields = useFields({ venue_id: venueId });
  const back = { to: `/${kind}s`, label: t(`${kind}.title`) };
  const error = record.error ?? fields.error;
  if (record.data === undefined || fields.data === undefined) {
    // A deleted record still has its events and deliveries.
    const gone = hasStatus(record.error, 404);
    return (
      <Page title={t(`${kind}.one`)} back={back}>
        <Panel>{error ? <ErrorState error={error} retry={gone ? undefined : () => void record.refetch()} /> : <Loading />}</Panel>
        {gone && <Caused venueId={venueId} id={id} />}
      </Page>
    );
  }
  const own = fields.data.filter(({ collection }) => collection === collections[kind]);
  return <Detail kind={kind} venueId={venueId} versioned={record.data} fields={own} back={back} />;
}

interface DetailProps {
  kind: Kind;
  venueId: string;
  versioned: Versioned;
  fields: CustomField[];
  back: { to: string; label: string };
}

function Detail({ kind, venueId, versioned, fields, back }: DetailProps) {
  const { t } = useTranslation('records');
  const { t: tCommon } = useTranslation();
  const may = useMay();
  const client = useQueryClient();
  const go = useGo();
  const { venues } = usePlaces();
  const { record } = versioned;
  const [editing, setEditing] = useState<Versioned | null>(null);
  const [deleting, setDeleting] = useState(false);
  const [erase, setErase] = useState(false);
  const [conflict, setConflict] = useState(false);
  const name = nameOf(kind, record);
  const reload = async () => {
    await client.invalidateQueries({ queryKey: recordKey(kind, venueId, record.id) });
    setEditing(null);
    setConflict(false);
  };
  if (editing) {
    const before = valuesOf(kind, fields, editing.record);
    return (
      <Page title={t('edit_title', { name })} back={back} narrow>
        {conflict && (
          <Alert color="orange" icon={<IconAlertTriangle size={18} aria-hidden />} title={t('conflict')} role="alert">
            <Text size="sm" mb="sm">{t('conflict_text')}</Text>
            <Button size="xs" variant="default" onClick={() => void reload()}>{t('conflict_reload')}</Button>
          </Alert>
        )}
        <Suspense fallback={<Loading />}><RecordForm
          kind={kind}
          venueId={venueId}
          fields={fields}
          initialValues={before}
          confirm={tCommon('save')}
          send={async (values) => {
            setConflict(false);
            try {
              await changeRecord(kind, venueId, record.id, changeOf(kind, fields, values, before), editing.etag);
            } catch (failure) {
              if (!hasStatus(failure, 412)) throw failure;
              setConflict(true);
              return;
            }
            await client.invalidateQueries({ queryKey: recordsKey(kind) });
            notifyDone(tCommon('saved'));
            setEditing(null);
          }}
          onCancel={() => setEditing(null)}
        /></Suspense>
      </Page>
    );
  }
  return (
    <Page
      title={name}
      text={venues.find(({ id }) => id === venueId)?.name}
      back={back}
      actions={
        may.manage && (
          <>
            <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setEditing(versioned)}>{tCommon('edit')}</Button>
            <Button variant="default" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => setDeleting(true)}>{tCommon('delete')}</Button>
          </>
        )
      }
    >
      <Facts kind={kind} venueId={venueId} record={record} fields={fields} />
      {kind === 'account' && <Contacts venueId={venueId} accountId={record.id} />}
      <Caused venueId={venueId} id={record.id} />
      <ConfirmDialog
        opened={deleting}
        danger
        title={t('delete_title', { name })}
        text={
          <>
            {t(`${kind}.delete_text`)}
            {kind === 'account' && deleting && <LosingAccount venueId={venueId} accountId={record.id} />}
            <Checkbox
              mt="md"
              label={t('erase')}
              description={t('erase_text')}
              checked={erase}
              onChange={(event) => setErase(event.currentTarget.checked)}
            />
          </>
        }
        confirm={tCommon('delete')}
        onClose={() => {
          setDeleting(false);
          setErase(false);
        }}
        onConfirm={async () => {
          await deleteRecord(kind, venueId, record.id, erase);
          await go(`/${kind}s`);
          client.removeQueries({ queryKey: recordKey(kind, venueId, record.id) });
          await client.invalidateQueries({ queryKey: recordsKey(kind) });
          notifyDone(t(erase ? 'erased' : 'deleted'));
        }}
      />
    </Page>
  );
}

function Facts({ kind, venueId, record, fields }: Omit<DetailProps, 'versioned' | 'back'> & { record: RecordData }) {
  const { t } = useTranslation('records');
  const { t: tCommon } = useTranslation();
  const account = useRecord('account', venueId, typeof record['account_id'] === 'string' ? record['account_id'] : '');
  const documented = fieldGroups[kind].flatMap((group) => group.fields).filter(({ name }) => record[name] !== undefined);
  const label = (field: CustomField, value: unknown) => field.data.find((option) => option.value === value)?.label ?? String(value);
  const customText = (field: CustomField, value: unknown) => {
    if (field.type === 'object') return JSON.stringify(value);
    return Array.isArray(value) ? value.map((each) => label(field, each)).join(', ') : label(field, value);
  };
  const fact = (key: string, name: string, value: React.ReactNode) => <Fact key={key} label={name}>{value}</Fact>;
  return (
    <Panel title={t('facts')}>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }}>
        {documented.map(({ name, kind: type }) => {
          const value = record[name];
          const shown =
            type === 'yes_no' ? (
              tCommon(value === true ? 'yes' : 'no')
            ) : type === 'account' ? (
              <Anchor component={Link} to={pathOf('account', venueId, String(value))} inherit>
                {account.data ? nameOf('account', account.data.record) : String(value)}
              </Anchor>
            ) : (
              String(value)
            );
          return fact(name, t(`field.${name}` as 'field.email'), shown);
        })}
        {fields.filter(({ code }) => record[code] !== undefined).map((field) => fact(field.code, field.label, customText(field, record[field.code])))}
        {fact('id', t('id'), <InlineCode>{record.id}</InlineCode>)}
        {fact('created', t('created'), <Time at={record.created_at} />)}
      </SimpleGrid>
    </Panel>
  );
}

function Contacts({ venueId, accountId }: { venueId: string; accountId: string }) {
  const { t } = useTranslation('records');
  const contacts = useQuery({
    queryKey: [...recordsKey('contact'), venueId, 'of', accountId],
    queryFn: () => listRecords('contact', venueId, { account_id: accountId, limit: shownMax }),
  });
  const Glyph = glyphs.contact;
  return (
    <Panel title={t('contact.title')}>
      <Loaded query={contacts} lines={2}>
        {({ data, next_cursor }) =>
          data.length === 0 ? (
            <Text c="dimmed">{t('no_contacts')}</Text>
          ) : (
            <Group gap="lg">
              {data.map((contact) => (
                <Anchor key={contact.id} component={Link} to={pathOf('contact', venueId, contact.id)} inherit>
                  <Group gap={6} component="span" display="inline-flex"><Glyph size={16} aria-hidden />{nameOf('contact', contact)}</Group>
                </Anchor>
              ))}
              {next_cursor !== null && <Text c="dimmed">{t('and_more')}</Text>}
            </Group>
          )
        }
      </Loaded>
    </Panel>
  );
}

// How many contacts lose their account with it; nothing until that is known.
function LosingAccount({ venueId, accountId }: { venueId: string; accountId: string }) {
  const { t } = useTranslation('records');
  const { data } = useQuery({
    queryKey: [...recordsKey('contact'), venueId, 'counted', accountId],
    queryFn: () => listRecords('contact', venueId, { account_id: accountId, limit: countedMax }),
  });
  if (data === undefined) return null;
  const count = data.data.length;
  return <Text component="span" inherit fw={600}> {data.next_cursor === null ? t('loses', { count }) : t('loses_many_more', { count: countedMax })}</Text>;
}

// The events and deliveries that the record caused, newest first.
function Caused({ venueId, id }: { venueId: string; id: string }) {
  const { t } = useTranslation('records');
  const client = useQueryClient();
  const events = useQuery({
    queryKey: ['events', venueId, id],
    queryFn: () => call(api.GET('/api/events', { params: { query: { venue_id: venueId, resource_id: id, limit: shownMax } } })),
  });
  const deliveries = useQuery({
    queryKey: [...deliveriesKey, 'of', venueId, id],
    queryFn: () => call(api.GET('/api/deliveries', { params: { query: { venue_id: venueId, resource_id: id, limit: shownMax } } })),
  });
  const again = useSeldom(() =>
    Promise.all([client.invalidateQueries({ queryKey: ['events', venueId, id] }), client.invalidateQueries({ queryKey: [...deliveriesKey, 'of', venueId, id] })]),
  );
  const refresh = (delivery: { resource_id: string; venue_id: string }) => {
    if (delivery.resource_id !== id || delivery.venue_id !== venueId) return;
    again();
  };
  useStream({ onDelivery: refresh, onAttempt: refresh });
  const columns: Column<Event>[] = [
    { id: 'event', header: t('event'), phone: 'title', cell: (event) => <Text fw={600} inherit>{event.event}</Text> },
    { id: 'at', header: t('at'), phone: 'line', cell: (event) => <Time at={event.timestamp} /> },
    { id: 'id', header: t('event_id'), phone: 'line', cell: (event) => <InlineCode>{event.id}</InlineCode> },
  ];
  return (
    <>
      <Panel title={t('deliveries')} flush>
        <Loaded query={deliveries}>
          {({ data }) => {
            return data.length === 0 ? <Text c="dimmed" p="lg" pt={0}>{t('no_deliveries')}</Text> : <DeliveryTable deliveries={data} known={['resource', 'venue']} />;
          }}
        </Loaded>
      </Panel>
      <Panel title={t('events')} flush>
        <Loaded query={events}>
          {({ data }) =>
            data.length === 0 ? (
              <Text c="dimmed" p="lg" pt={0}>{t('no_events')}</Text>
            ) : (
              <DataTable label={t('events')} columns={columns} rows={data} rowId={(event) => event.id} />
            )
          }
        </Loaded>
      </Panel>
    </>
  );
}
