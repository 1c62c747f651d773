// Copies a webhook to venues: they are chosen, each gets its copy in a request of its own, and each says what became of it.
import { Anchor, Button, Checkbox, Group, Modal, Progress, ScrollArea, Stack, Text, TextInput } from '@mantine/core';
import { IconCheck, IconDownload, IconSearch } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';

import { api, call } from '@/api/client';
import { ApiProblem } from '@/api/problem';
import type { NewWebhook, Venue, Webhook } from '@/api/schema';
import { Link } from '@/context/links';
import { usePlaces, venuesBeyond } from '@/context/place';
import { csvText, saveCsv } from '@/parts/csv_file';
import { useErrorText } from '@/parts/ErrorState';
import { finds } from '@/parts/option_filter';
import { refusalTexts } from '@/parts/refusal_text';
import { webhooksKey } from '@/queries/webhooks';
import { useTranslation } from '@/texts/translation';
import styles from './DuplicateDialog.module.css';

type Outcome = { made: true; id: string; url: string; secret: string } | { made: false; why: string };

interface DuplicateDialogProps {
  webhook: Webhook;
  onClose: () => void;
}

export function DuplicateDialog({ webhook, onClose }: DuplicateDialogProps) {
  const { t } = useTranslation('duplicate');
  const { t: tCommon } = useTranslation();
  const { venues: all, groups } = usePlaces();
  const copies = useCopies(webhook);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [words, setWords] = useState('');
  const groupNames = new Map(groups.map(({ id, name }) => [id, name]));
  const venues = venuesBeyond(webhook.scope, all);
  const groupOf = ({ venues_group_id: id }: Venue) => (id === null ? '' : (groupNames.get(id) ?? ''));
  const found = venues.filter((venue) => finds(words, `${venue.name} ${venue.id} ${groupOf(venue)}`));
  const wanted = venues.filter(({ id }) => chosen.has(id));
  const mark = (ids: string[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) if (on) next.add(id); else next.delete(id);
    setChosen(next);
  };
  const close = () => {
    if (!copies.running) onClose();
  };
  return (
    <Modal opened onClose={close} title={t('title', { name: webhook.name })} size="lg" closeOnClickOutside={false} closeButtonProps={{ 'aria-label': tCommon('close') }}>
      {copies.outcomes.size > 0 || copies.running ? (
        <Outcomes venues={wanted} copies={copies} onClose={close} />
      ) : (
        <form onSubmit={(event) => { event.preventDefault(); void copies.make(wanted); }}>
          <Stack>
            <Text size="sm">{t('text')}{webhook.enabled ? '' : ` ${t('disabled_too')}`}</Text>
            <TextInput
              aria-label={t('search')}
              placeholder={t('search')}
              leftSection={<IconSearch size={16} aria-hidden />}
              value={words}
              onChange={({ currentTarget }) => setWords(currentTarget.value)}
              data-autofocus
            />
            <Group justify="space-between">
              <Text size="sm" c="dimmed" role="status">{t('chosen', { count: chosen.size })}</Text>
              <Group gap="xs">
                <Button size="compact-sm" variant="default" disabled={found.length === 0} onClick={() => mark(found.map(({ id }) => id), true)}>{t('all', { count: found.length })}</Button>
                <Button size="compact-sm" variant="default" disabled={chosen.size === 0} onClick={() => setChosen(new Set())}>{t('none')}</Button>
              </Group>
            </Group>
            <ScrollArea.Autosize mah={320} type="auto" className={styles.list} viewportProps={{ tabIndex: 0, role: 'group', 'aria-label': t('venues') }}>
              {found.map((venue) => (
                <Checkbox
                  key={venue.id}
                  className={styles.venue}
                  label={venue.name}
                  description={[groupOf(venue), venue.id].filter(Boolean).join(' · ')}
                  checked={chosen.has(venue.id)}
                  onChange={({ currentTarget }) => mark([venue.id], currentTarget.checked)}
                />
              ))}
              {found.length === 0 && <Text size="sm" c="dimmed" p="sm">{t('nothing_found')}</Text>}
            </ScrollArea.Autosize>
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>{tCommon('cancel')}</Button>
              <Button type="submit" disabled={chosen.size === 0}>{t('make', { count: chosen.size })}</Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}

interface Copies {
  outcomes: ReadonlyMap<string, Outcome>;
  running: boolean;
  make: (venues: Venue[]) => Promise<void>;
  stop: () => void;
}

// One request after the other. A venue whose copy is refused does not hold up the next; a server that is gone does. A venue
// keeps its key, so that trying again makes no second copy where only the answer was lost.
function useCopies(webhook: Webhook): Copies {
  const client = useQueryClient();
  const errorText = useErrorText();
  const run = useId();
  const [begun] = useState(() => `${Date.now().toString(36)}${run.replace(/\W/g, '')}`);
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [running, setRunning] = useState(false);
  const stopped = useRef(false);
  const reasonOf = async (error: unknown) => (error instanceof ApiProblem && error.errors[0] ? (await refusalTexts())(error.errors[0]) : errorText(error).text);
  const make = async (venues: Venue[]) => {
    stopped.current = false;
    setRunning(true);
    for (const { id: venue } of venues) {
      if (stopped.current) break;
      let outcome: Outcome;
      try {
        const { id, url, secret } = await call(api.POST('/api/webhooks', {
          params: { header: { 'Idempotency-Key': `copy-${webhook.id}-${venue}-${begun}` } },
          // The server takes the rest from the source.
          body: { copy_of: webhook.id, scope: { venue_id: venue }, enabled: webhook.enabled } as NewWebhook,
        }));
        outcome = { made: true, id, url, secret };
      } catch (error) {
        outcome = { made: false, why: await reasonOf(error) };
        // Nobody answers, or the session has ended: neither would the next get on.
        if (!(error instanceof ApiProblem) || error.status === 401) stopped.current = true;
      }
      setOutcomes((before) => new Map(before).set(venue, outcome));
    }
    setRunning(false);
    await client.invalidateQueries({ queryKey: webhooksKey });
  };
  return { outcomes, running, make, stop: () => { stopped.current = true; } };
}

function Outcomes({ venues, copies: { outcomes, running, make, stop }, onClose }: { venues: Venue[]; copies: Copies; onClose: () => void }) {
  const { t } = useTranslation('duplicate');
  const { t: tCommon } = useTranslation();
  const made = venues.flatMap((venue) => {
    const outcome = outcomes.get(venue.id);
    return outcome?.made ? [{ venue, outcome }] : [];
  });
  const left = venues.filter(({ id }) => !outcomes.get(id)?.made);
  const done = venues.filter(({ id }) => outcomes.has(id)).length;
  const save = () => {
    const rows = made.map(({ venue, outcome: { id, url, secret } }) => [venue.id, venue.name, id, url, secret]);
    saveCsv(csvText([['venue_id', 'venue', 'webhook_id', 'url', 'secret'], ...rows]), 'webhook-secrets.csv');
  };
  return (
    <Stack>
      <Progress value={(100 * done) / venues.length} aria-label={t('outcome')} color={!running && left.length > 0 ? 'orange' : 'teal'} />
      <Text size="sm" role="status">
        {running ? t('running', { done, all: venues.length }) : `${t('made_of', { made: made.length, all: venues.length })}${left.length > 0 ? ` ${t('failed_text')}` : ''}`}
      </Text>
      <ScrollArea.Autosize mah={320} type="auto" className={styles.list} viewportProps={{ tabIndex: 0, role: 'group', 'aria-label': t('outcome') }}>
        {venues.map(({ id, name }) => {
          const outcome = outcomes.get(id);
          return (
            <div key={id} className={styles.outcome} data-testid="copy" data-made={outcome?.made}>
              <Text size="sm" fw={600} className={styles.name}>{name}</Text>
              {outcome === undefined ? (
                <Text size="sm" c="dimmed">{running ? '…' : t('not_tried')}</Text>
              ) : outcome.made ? (
                <Group gap="xs" wrap="nowrap">
                  <IconCheck size={16} color="var(--good)" aria-hidden />
                  <Text size="sm">{t('made')}</Text>
                  <Anchor component={Link} to={`/webhooks/${outcome.id}?tab=secret`} size="sm" aria-label={`${t('open')}: ${name}`}>{t('open')}</Anchor>
                </Group>
              ) : (
                <Text size="sm" c="var(--bad-text)" className={styles.why}>{outcome.why}</Text>
              )}
            </div>
          );
        })}
      </ScrollArea.Autosize>
      {!running && made.length > 0 && (
        <div>
          <Button variant="default" leftSection={<IconDownload size={16} aria-hidden />} onClick={save}>{t('save')}</Button>
          <Text size="xs" c="dimmed" mt={4}>{t('save_text')}</Text>
        </div>
      )}
      <Group justify="flex-end">
        {running ? (
          <Button variant="default" onClick={stop}>{t('stop')}</Button>
        ) : (
          <>
            {left.length > 0 && <Button variant="default" onClick={() => void make(left)}>{t('again', { count: left.length })}</Button>}
            <Button onClick={onClose}>{tCommon('close')}</Button>
          </>
        )}
      </Group>
    </Stack>
  );
}
