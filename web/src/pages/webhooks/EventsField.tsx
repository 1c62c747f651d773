// Which events a webhook hears of, by resource, each with what it means.
import { Checkbox, Fieldset, Group, Input, SimpleGrid, Skeleton, Stack, UnstyledButton } from '@mantine/core';
import { lazy, Suspense, useId, useState } from 'react';

import type { EventType } from '@/api/schema';
import { eventGroups, eventKey } from '@/parts/webhooks/events';
import { useTranslation } from '@/texts/translation';
import styles from './EventsField.module.css';

const SamplePayload = lazy(async () => ({ default: (await import('./SamplePayload')).SamplePayload }));

interface EventsFieldProps {
  value: EventType[];
  onChange: (events: EventType[]) => void;
  error?: React.ReactNode;
  disabled?: boolean;
}

export function EventsField({ value, onChange, error, disabled }: EventsFieldProps) {
  const { t } = useTranslation('webhook_form');
  const errorId = useId();
  const [sample, setSample] = useState<EventType | null>(null);
  const set = (events: EventType[], on: boolean) => {
    const rest = value.filter((event) => !events.includes(event));
    onChange(on ? [...rest, ...events] : rest);
  };
  return (
    <Fieldset legend={t('events')} variant="unstyled" disabled={disabled} aria-describedby={error ? errorId : undefined}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} mt={6}>
        {eventGroups.map(({ resource, events }) => {
          const all = events.every((event) => value.includes(event));
          return (
            <Stack key={resource} gap="sm" className={styles.group}>
              <Group justify="space-between">
                <span className={styles.resource}>{t(`event.${resource}`)}</span>
                <UnstyledButton className={styles.all} disabled={disabled} onClick={() => set(events, !all)}>
                  {t(all ? 'form.none_of' : 'form.all_of')}
                </UnstyledButton>
              </Group>
              {events.map((event) => (
                <div key={event}>
                  <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs">
                    <Checkbox
                      label={event}
                      description={t(`event.${eventKey(event)}`)}
                      checked={value.includes(event)}
                      onChange={({ currentTarget }) => set([event], currentTarget.checked)}
                    />
                    <UnstyledButton className={styles.all} aria-expanded={sample === event} aria-label={t('form.sample_of', { event })} onClick={() => setSample(sample === event ? null : event)}>
                      {t('form.sample')}
                    </UnstyledButton>
                  </Group>
                  {sample === event && <Suspense fallback={<Skeleton h={120} mt="xs" />}><div className={styles.sample}><SamplePayload event={event} /></div></Suspense>}
                </div>
              ))}
            </Stack>
          );
        })}
      </SimpleGrid>
      {error && <Input.Error id={errorId} mt={6}>{error}</Input.Error>}
    </Fieldset>
  );
}
