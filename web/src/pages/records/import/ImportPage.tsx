// Contacts or accounts from a CSV file: choose it, see how the server reads it, say which column is which field, look at
// what the server would make of them, let it import them.
import '@mantine/dropzone/styles.layer.css';

import { Alert, Button, Group, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconAlertTriangle, IconFileTypeCsv } from '@tabler/icons-react';
import { useState } from 'react';

import { hasStatus } from '@/api/problem';
import type { CustomField, Venue } from '@/api/schema';
import { useGo } from '@/context/links';
import { useMay } from '@/context/session';
import { useChosenVenue, VenueChoice } from '@/pages/records/VenueChoice';
import { FormError } from '@/parts/FormError';
import { Loaded } from '@/parts/Loaded';
import { Page } from '@/parts/Page';
import { Panel } from '@/parts/Panel';
import { collections } from '@/parts/records/kinds';
import { useRefusalText } from '@/parts/refusal_text';
import { useLocale } from '@/parts/Time';
import { useFields } from '@/queries/fields';
import { type ChosenFile, fileBytesMax, type Mapping, type Reading, rowsMax, startImport, useDryRun } from '@/queries/imports';
import type { Kind } from '@/queries/records';
import { useTranslation } from '@/texts/translation';
import { guessMapping, targetsOf } from './column_guess';
import { ColumnsPanel } from './ColumnsPanel';
import { FormatPanel } from './FormatPanel';
import { PreviewPanel } from './PreviewPanel';
import { RecentPanel } from './RecentPanel';
import { RefusedPanel } from './RefusedPanel';
import { type TargetLabels, useTargetLabels } from './target_labels';

const megabyte = 1024 * 1024;

export function ImportPage({ kind }: { kind: Kind }) {
  const { t } = useTranslation('records');
  const may = useMay();
  const venue = useChosenVenue();
  const fields = useFields(venue ? { venue_id: venue.id } : null);
  return (
    <Page
      title={t('import_title', { kind: t(`${kind}.title`) })}
      text={venue ? t('import_text', { venue: venue.name }) : undefined}
      back={{ to: `/${kind}s`, label: t(`${kind}.title`) }}
    >
      {!may.manage ? (
        <Panel><Text>{t('import_page.may_not')}</Text></Panel>
      ) : (
        <>
          <VenueChoice />
          {venue && (
            <Loaded query={fields}>
              {(all) => <Import key={venue.id} kind={kind} venue={venue} fields={all.filter(({ collection }) => collection === collections[kind])} />}
            </Loaded>
          )}
        </>
      )}
    </Page>
  );
}

function Import({ kind, venue, fields }: { kind: Kind; venue: Venue; fields: CustomField[] }) {
  const venueId = venue.id;
  const { t } = useTranslation('records');
  const locale = useLocale();
  const labels = useTargetLabels(kind, fields);
  const [file, setFile] = useState<ChosenFile | null>(null);
  const [reading, setReading] = useState<Reading>({});
  const [chosen, setChosen] = useState<{ header: string; mapping: Mapping } | null>(null);
  const [rejected, setRejected] = useState(false);
  const look = useDryRun({ kind, venueId, file, reading, mapping: null });

  const choose = async ([picked]: File[]) => {
    if (picked === undefined) return;
    const bytes = await picked.arrayBuffer();
    setRejected(false);
    setReading({});
    setChosen(null);
    setFile((before) => ({ number: (before?.number ?? 0) + 1, name: picked.name, bytes }));
  };

  if (file === null || look.data === undefined) {
    return (
      <>
        {file !== null && look.error !== null && <FormatPanel name={file.name} reading={reading} recognized={null} onChange={setReading} actions={null} />}
        <Panel>
          <FileProblem error={rejected ? 'rejected' : look.error} />
          <Dropzone
            onDrop={(files) => void choose(files)}
            onReject={() => setRejected(true)}
            maxSize={fileBytesMax}
            maxFiles={1}
            multiple={false}
            loading={file !== null && look.isFetching}
            aria-label={t('import_page.drop')}
            inputProps={{ 'aria-label': t('import_page.file') }}
          >
            <Group justify="center" gap="md" mih={140} style={{ pointerEvents: 'none' }}>
              <IconFileTypeCsv size={44} stroke={1.4} aria-hidden />
              <div>
                <Text fw={600}>{t('import_page.drop')}</Text>
                <Text size="sm" c="dimmed">{t('import_page.drop_hint', { rows: rowsMax.toLocaleString(locale), size: fileBytesMax / megabyte })}</Text>
              </div>
            </Group>
          </Dropzone>
        </Panel>
        <RecentPanel venueId={venueId} />
      </>
    );
  }
  // A choice holds as long as the columns are the same.
  const header = JSON.stringify(look.data.header);
  const mapping = chosen?.header === header ? chosen.mapping : guessMapping(look.data.header, targetsOf(kind, fields), labels);
  return (
    <>
      <FormatPanel
        name={file.name}
        reading={reading}
        recognized={look.data}
        onChange={setReading}
        actions={<Button variant="default" size="xs" onClick={() => setFile(null)}>{t('import_page.another')}</Button>}
      />
      <ColumnsPanel
        kind={kind}
        fields={fields}
        header={look.data.header}
        examples={look.data.examples}
        mapping={mapping}
        labels={labels}
        onChange={(next) => setChosen({ header, mapping: next })}
      />
      <Preview kind={kind} venue={venue} file={file} reading={{ encoding: look.data.encoding, delimiter: look.data.delimiter }} mapping={mapping} labels={labels} />
    </>
  );
}

interface PreviewProps {
  kind: Kind;
  venue: Venue;
  file: ChosenFile;
  reading: Reading;
  mapping: Mapping;
  labels: TargetLabels;
}

// Shows what the server would do, and the button that starts it.
function Preview({ kind, venue, file, reading, mapping, labels }: PreviewProps) {
  const venueId = venue.id;
  const { t } = useTranslation('records');
  const [starting, setStarting] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const go = useGo();
  const noColumn = mapping.every((field) => field === null);
  const run = useDryRun({ kind, venueId, file: noColumn ? null : file, reading, mapping });

  const start = async () => {
    setStarting(true);
    setError(null);
    try {
      const { id } = await startImport({ kind, venueId, file, reading, mapping });
      await go(`/${kind}-imports/${id}`);
    } catch (failure) {
      setError(failure);
      setStarting(false);
    }
  };

  if (noColumn) return <Text c="red" size="sm" role="alert" ta="right">{t('import_page.no_column')}</Text>;
  const ready = run.data === undefined ? 0 : run.data.rows - run.data.refused;
  return (
    <>
      {run.data !== undefined && <PreviewPanel run={run.data} mapping={mapping} labels={labels} />}
      {run.data !== undefined && <RefusedPanel run={run.data} labels={labels} />}
      {run.isFetching && <Text size="sm" c="dimmed" role="status">{t('import_page.reading')}</Text>}
      <FileProblem error={run.error} />
      <FormError error={error} />
      <Group justify="flex-end">
        <Button disabled={ready === 0 || run.isFetching} loading={starting} onClick={() => void start()}>{t('import_page.start', { count: ready, venue: venue.name })}</Button>
      </Group>
    </>
  );
}

// Why no row of the file can be imported; "rejected": it was not even read.
function FileProblem({ error }: { error: unknown }) {
  const { t } = useTranslation('records');
  const refusalText = useRefusalText();
  if (error === null || error === undefined) return null;
  if (error !== 'rejected' && !hasStatus(error, 422)) return <FormError error={error} />;
  const texts = error === 'rejected' ? [t('import_page.file_rejected', { size: fileBytesMax / megabyte })] : error.errors.map((each) => refusalText(each));
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} aria-hidden />} title={t('import_page.file_problem')} role="alert" mb="md">
      {texts.map((text) => <Text key={text} size="sm">{text}</Text>)}
    </Alert>
  );
}
