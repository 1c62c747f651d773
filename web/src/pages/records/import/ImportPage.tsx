// Contacts or accounts from a CSV file: choose it, say which column is which field, look at what it makes of them, let
// the server import it.
import '@mantine/dropzone/styles.css';

import { Alert, Button, Group, Text } from '@mantine/core';
import { Dropzone } from '@mantine/dropzone';
import { IconAlertTriangle, IconFileTypeCsv } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';

import type { CustomField } from '../../../api/schema';
import { usePlaces } from '../../../app/place';
import { useMay } from '../../../app/session';
import { FormError } from '../../../parts/FormError';
import { Loaded } from '../../../parts/Loaded';
import { Page } from '../../../parts/Page';
import { Panel } from '../../../parts/Panel';
import { useFields } from '../../settings/fields/fields_query';
import { collections, type Kind } from '../kinds';
import { VenueChoice } from '../VenueChoice';
import { ColumnsPanel } from './ColumnsPanel';
import { type CsvFile, fileBytesMax, type FileProblem, guessMapping, type Mapping, planOf, readCsv, rowsMax, targetsOf } from './import_rows';
import { startImport } from './imports_api';
import { PreviewPanel } from './PreviewPanel';
import { RecentPanel } from './RecentPanel';
import { useTargetLabels } from './target_labels';

const megabyte = 1024 * 1024;

export function ImportPage({ kind }: { kind: Kind }) {
  const { t } = useTranslation('records');
  const may = useMay();
  const [search] = useSearchParams();
  const { venues } = usePlaces();
  const venue = venues.find(({ id }) => id === search.get('venue_id')) ?? venues[0];
  const fields = useFields(venue ? { venue_id: venue.id } : null);
  return (
    <Page
      title={t('import_title', { kind: t(`${kind}.title`) })}
      text={venue && t('import_text', { venue: venue.name })}
      back={{ to: `/${kind}s`, label: t(`${kind}.title`) }}
    >
      {!may.manage ? (
        <Panel><Text>{t('import_page.may_not')}</Text></Panel>
      ) : (
        venue && (
          <>
            <VenueChoice venueId={venue.id} />
            <Loaded query={fields}>
              {(all) => <Import key={venue.id} kind={kind} venueId={venue.id} fields={all.filter(({ collection }) => collection === collections[kind])} />}
            </Loaded>
          </>
        )
      )}
    </Page>
  );
}

interface Chosen {
  name: string;
  file: CsvFile;
}

function Import({ kind, venueId, fields }: { kind: Kind; venueId: string; fields: CustomField[] }) {
  const { t } = useTranslation('records');
  const labels = useTargetLabels(kind, fields);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [problem, setProblem] = useState<FileProblem | 'rejected' | null>(null);
  const [mapping, setMapping] = useState<Mapping>([]);
  const [starting, setStarting] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const navigate = useNavigate();
  const plan = useMemo(() => (chosen ? planOf(kind, fields, chosen.file, mapping) : null), [kind, fields, chosen, mapping]);

  const choose = async ([picked]: File[]) => {
    if (picked === undefined) return;
    const file = readCsv(await picked.text());
    setProblem(typeof file === 'string' ? file : null);
    if (typeof file === 'string') return;
    setChosen({ name: picked.name, file });
    setMapping(guessMapping(file.header, targetsOf(kind, fields), labels));
  };

  const start = async (file: CsvFile) => {
    setStarting(true);
    setError(null);
    try {
      const { id } = await startImport(kind, venueId, file, mapping);
      await navigate(`/${kind}-imports/${id}`);
    } catch (failure) {
      setError(failure);
      setStarting(false);
    }
  };

  if (chosen === null || plan === null) {
    return (
      <>
        <Panel>
          {problem && (
            <Alert color="red" icon={<IconAlertTriangle size={18} aria-hidden />} title={t('import_page.file_problem')} role="alert" mb="md">
              {t(`import_page.file_${problem}`, { rows: rowsMax.toLocaleString(), size: fileBytesMax / megabyte })}
            </Alert>
          )}
          <Dropzone
            onDrop={(files) => void choose(files)}
            onReject={() => setProblem('rejected')}
            maxSize={fileBytesMax}
            maxFiles={1}
            multiple={false}
            aria-label={t('import_page.drop')}
            inputProps={{ 'aria-label': t('import_page.file') }}
          >
            <Group justify="center" gap="md" mih={140} style={{ pointerEvents: 'none' }}>
              <IconFileTypeCsv size={44} stroke={1.4} aria-hidden />
              <div>
                <Text fw={600}>{t('import_page.drop')}</Text>
                <Text size="sm" c="dimmed">{t('import_page.drop_hint', { rows: rowsMax.toLocaleString(), size: fileBytesMax / megabyte })}</Text>
              </div>
            </Group>
          </Dropzone>
        </Panel>
        <RecentPanel venueId={venueId} />
      </>
    );
  }
  const another = (
    <Button variant="default" size="xs" onClick={() => setChosen(null)}>{t('import_page.another')}</Button>
  );
  return (
    <>
      <ColumnsPanel kind={kind} fields={fields} name={chosen.name} file={chosen.file} mapping={mapping} labels={labels} onChange={setMapping} actions={another} />
      <PreviewPanel file={chosen.file} plan={plan} mapping={mapping} labels={labels} />
      <FormError error={error} />
      <Group justify="flex-end">
        {mapping.every((field) => field === null) && <Text c="red" size="sm" role="alert">{t('import_page.no_column')}</Text>}
        <Button disabled={plan.items.length === 0} loading={starting} onClick={() => void start(chosen.file)}>{t('import_page.start', { count: plan.items.length })}</Button>
      </Group>
    </>
  );
}
