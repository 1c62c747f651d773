import { Button, Code as InlineCode, Group, Stack, Text } from '@mantine/core';
import { IconAdjustmentsHorizontal, IconPencil, IconPlus, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useState } from 'react';

import { api, call } from '@/api/client';
import type { CustomField } from '@/api/schema';
import type { OwnPlace } from '@/context/place';
import { useMay } from '@/context/session';
import { ActionsMenu } from '@/parts/ActionsMenu';
import { Badge } from '@/parts/Badge';
import { ConfirmDialog } from '@/parts/ConfirmDialog';
import { CopyButton } from '@/parts/CopyButton';
import { type Column, DataTable } from '@/parts/DataTable';
import { EmptyState } from '@/parts/EmptyState';
import { Loaded } from '@/parts/Loaded';
import { notifyDone } from '@/parts/notify';
import { Panel } from '@/parts/Panel';
import { ScopeName } from '@/parts/ScopeName';
import { fieldsKey, useFields } from '@/queries/fields';
import { useTranslation } from '@/texts/translation';

// Dialogs are loaded when they are opened.
const FieldDialog = lazy(async () => ({ default: (await import('./FieldDialog')).FieldDialog }));

type Open = { dialog: 'new' } | { dialog: 'edit' | 'delete'; field: CustomField };
type Numbered = CustomField & { position: number };

export function scopeOf(field: CustomField) {
  return field.venue_id !== null ? { venue_id: field.venue_id } : { venues_group_id: field.venues_group_id ?? '' };
}

export function FieldsPanel({ place, collection }: { place: OwnPlace | null; collection: CustomField['collection'] }) {
  const { t } = useTranslation('settings');
  const { t: tCommon } = useTranslation();
  const client = useQueryClient();
  const may = useMay();
  const [open, setOpen] = useState<Open | null>(null);
  const close = () => setOpen(null);
  const fields = useFields(place?.scope ?? null);

  const columns = useMemo<Column<Numbered>[]>(() => {
    const shown: Column<Numbered>[] = [
      { id: 'position', header: t('fields.position'), width: 70, phone: 'hidden', cell: (field) => field.position },
      {
        id: 'label',
        header: t('fields.label'),
        phone: 'title',
        cell: (field) => (
          <Group gap="xs" display="inline-flex">
            <Text fw={600} inherit>{field.label}</Text>
            {field.isRequiredInBO && <Badge color="orange">{t('fields.required')}</Badge>}
          </Group>
        ),
      },
      {
        id: 'type',
        header: t('fields.type'),
        cell: (field) => (
          <Stack gap={0}>
            <span>{t(`fields.kind.${field.type}`)}</span>
            {field.data.length > 0 && <Text size="xs" c="dimmed" lineClamp={1} maw={260}>{field.data.map(({ label }) => label).join(', ')}</Text>}
          </Stack>
        ),
      },
      { id: 'level', header: t('fields.level'), cell: (field) => <ScopeName scope={scopeOf(field)} /> },
      {
        id: 'code',
        header: t('fields.code'),
        cell: (field) => (
          <Group gap={4} wrap="nowrap" display="inline-flex">
            <InlineCode>{field.code.slice(0, 15)}…</InlineCode>
            <CopyButton value={field.code} label={t('fields.copy_code', { name: field.label })} />
          </Group>
        ),
      },
    ];
    if (may.manage) {
      shown.push({
        id: 'actions',
        header: null,
        align: 'end',
        cell: (field) => (
          <ActionsMenu
            label={t('actions_of', { name: field.label })}
            actions={[
              { label: tCommon('edit'), icon: IconPencil, onClick: () => setOpen({ dialog: 'edit', field }) },
              { label: tCommon('delete'), icon: IconTrash, grave: true, onClick: () => setOpen({ dialog: 'delete', field }) },
            ]}
          />
        ),
      });
    }
    return shown;
  }, [t, tCommon, may.manage]);

  const remove = async (field: CustomField) => {
    await call(api.DELETE('/api/fields/{code}', { params: { path: { code: field.code } } }));
    await client.invalidateQueries({ queryKey: fieldsKey });
    notifyDone(t('fields.deleted'));
  };
  if (place === null) {
    return <Panel flush><EmptyState icon={IconAdjustmentsHorizontal} title={t('venues.empty')} text={t('venues.empty_text')} /></Panel>;
  }
  const create = may.manage && (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen({ dialog: 'new' })}>{t('fields.new')}</Button>
  );
  return (
    <Panel
      title={t(`fields.${collection}`)}
      text={place.kind === 'venue' ? t('fields.of_venue', { name: place.name }) : t('fields.of_group', { name: place.name })}
      actions={create}
      flush
    >
      <Loaded query={fields}>
        {(all) => {
          const rows = all.filter((field) => field.collection === collection).map((field, index) => ({ ...field, position: index + 1 }));
          if (rows.length > 0) return <DataTable label={t(`fields.${collection}`)} columns={columns} rows={rows} rowId={({ code }) => code} />;
          return <EmptyState icon={IconAdjustmentsHorizontal} title={t('fields.empty')} text={t('fields.empty_text')}>{create}</EmptyState>;
        }}
      </Loaded>
      {open?.dialog === 'new' && <Suspense fallback={null}><FieldDialog field={null} place={place} collection={collection} onClose={close} /></Suspense>}
      {open?.dialog === 'edit' && <Suspense fallback={null}><FieldDialog field={open.field} place={place} collection={collection} onClose={close} /></Suspense>}
      {open?.dialog === 'delete' && (
        <ConfirmDialog
          opened
          danger
          title={t('fields.delete_title', { name: open.field.label })}
          text={t('fields.delete_text')}
          confirm={tCommon('delete')}
          onClose={close}
          onConfirm={() => remove(open.field)}
        />
      )}
    </Panel>
  );
}
