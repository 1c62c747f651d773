// Which events a webhook hears of, by resource, each with what it means.
import { Checkbox, Fieldset, Group, Input, SimpleGrid, Stack, UnstyledButton } from '@mantine/core';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';

import type { EventType } from '@/api/schema';
import { eventGroups, eventKey } from '@/parts/webhooks/events';
import styles from './EventsField.module.css';

interface EventsFieldProps {
  value: EventType[];
  onChange: (events: EventType[]) => void;
  error?: React.ReactNode;
  disabled?: boolean;
}

export function EventsField({ value, onChange, error, disabled }: EventsFieldProps) {
  const { t } = useTranslation('webhooks');
  const errorId = useId();
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
                <Checkbox
                  key={event}
                  label={event}
                  description={t(`event.${eventKey(event)}`)}
                  checked={value.includes(event)}
                  onChange={({ currentTarget }) => set([event], currentTarget.checked)}
                />
              ))}
            </Stack>
          );
        })}
      </SimpleGrid>
      {error && <Input.Error id={errorId} mt={6}>{error}</Input.Error>}
    </Fieldset>
  );
}
