// An import under way: how far it is, what became of the rows, to be stopped and gone on with.
import { Alert, Button, Group, Progress as Bar, SimpleGrid, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';

import { Fact } from '../../../parts/Fact';
import { Panel } from '../../../parts/Panel';
import { asSentence } from '../../../parts/refusal_text';
import type { Kind } from '../kinds';
import { putBatch, recordsKey } from '../records_api';
import type { CsvFile, Plan } from './import_rows';
import { RefusedPanel } from './RefusedPanel';
import { ImportRun, nothingYet } from './run_import';
import type { TargetLabels } from './target_labels';

interface RunPanelProps {
  kind: Kind;
  venueId: string;
  file: CsvFile;
  plan: Plan;
  labels: TargetLabels;
}

// Also where crypto.randomUUID is not to be had: on a plain http:// address.
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function useRun({ kind, venueId, plan }: RunPanelProps) {
  const client = useQueryClient();
  const [progress, setProgress] = useState(nothingYet);
  const [state, setState] = useState<'running' | 'stopped' | 'failed' | 'done'>('running');
  const [failure, setFailure] = useState<unknown>(null);
  const [run] = useState(() => new ImportRun(plan.items, (items, key) => putBatch(kind, venueId, items, key), newKey, setProgress));
  const stopping = useRef<AbortController | null>(null);
  const goOn = async () => {
    const stop = new AbortController();
    stopping.current = stop;
    setState('running');
    try {
      await run.goOn(stop.signal);
      setState(stop.signal.aborted ? 'stopped' : 'done');
    } catch (error) {
      setFailure(error);
      setState('failed');
    } finally {
      await client.invalidateQueries({ queryKey: recordsKey(kind) });
    }
  };
  const stop = () => stopping.current?.abort();
  return { progress, state, failure, goOn, stop };
}

export function RunPanel(props: RunPanelProps) {
  const { kind, file, plan, labels } = props;
  const { t } = useTranslation('records');
  const { progress, state, failure, goOn, stop } = useRun(props);
  const begun = useRef(false);
  useEffect(() => {
    if (!begun.current) void goOn();
    begun.current = true;
    // Once, and left alone when the page is left.
  }, []);
  // Leaving the address asks first; what is not sent would be lost.
  useEffect(() => {
    if (state !== 'running') return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener('beforeunload', ask);
    return () => removeEventListener('beforeunload', ask);
  }, [state]);
  const finished = progress.done >= plan.items.length;
  const shown = finished && state === 'stopped' ? 'done' : state;
  const refused = [...plan.refused, ...progress.refused].sort((a, b) => a.row - b.row);
  const refusedRows = new Set(refused.map(({ row }) => row)).size;
  const facts = [['created', progress.created], ['updated', progress.updated], ['unchanged', progress.unchanged], ['refused', refusedRows]] as const;
  return (
    <>
      <Panel title={t(`import_page.${shown}`)}>
        {shown === 'failed' && (
          <Alert color="red" icon={<IconAlertTriangle size={18} aria-hidden />} role="alert" mb="md">
            {failure instanceof Error ? `${asSentence(failure.message)} ` : ''}{t('import_page.failed_text')}
          </Alert>
        )}
        {shown === 'stopped' && <Text mb="md">{t('import_page.stopped_text')}</Text>}
        <Bar value={plan.items.length === 0 ? 100 : (100 * progress.done) / plan.items.length} animated={shown === 'running'} size="lg" aria-label={t('import_page.running')} />
        <Text size="sm" c="dimmed" mt={6} role="status">{t('import_page.progress', { done: progress.done, count: plan.items.length })}</Text>
        <SimpleGrid cols={{ base: 2, sm: 4 }} mt="md">
          {facts.map(([name, count]) => <Fact key={name} label={t(`import_page.${name}`)}>{count.toLocaleString()}</Fact>)}
        </SimpleGrid>
        <Group justify="flex-end" mt="lg">
          {shown === 'running' && <Button variant="default" onClick={stop}>{t('import_page.stop')}</Button>}
          {(shown === 'stopped' || shown === 'failed') && <Button onClick={() => void goOn()}>{t('import_page.go_on')}</Button>}
          {shown !== 'running' && <Button component={Link} to={`/${kind}s`} variant="default">{t('import_page.to_list')}</Button>}
        </Group>
      </Panel>
      {shown !== 'running' && <RefusedPanel file={file} refused={refused} labels={labels} />}
    </>
  );
}
