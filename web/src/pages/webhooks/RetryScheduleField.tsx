// The choice of a retry schedule, with the table of its times as the server keeps it.
import { Collapse, Radio, Stack, Table, Text, UnstyledButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { api, call } from '@/api/client';
import type { Webhook } from '@/api/schema';
import { formatWait } from '@/parts/format_wait';
import { useTranslation } from '@/texts/translation';

type Schedule = Webhook['retry_schedule'];

interface Props {
  value: Schedule;
  onChange: (schedule: Schedule) => void;
  disabled?: boolean;
}

export function RetryScheduleField({ value, onChange, disabled }: Props) {
  const { t, i18n } = useTranslation('webhook_form');
  const [open, setOpen] = useState(false);
  const schedules = useQuery({
    queryKey: ['retry-schedules'],
    queryFn: () => call(api.GET('/api/retry-schedules')),
    staleTime: Infinity,
  });
  const waits = schedules.data?.[value].waits_ms ?? [];
  const sums = waits.map((_, index) => waits.slice(0, index + 1).reduce((sum, wait) => sum + wait, 0));
  const facts = (schedule: Schedule) => {
    const all = schedules.data?.[schedule].waits_ms;
    if (all === undefined) return undefined;
    return t('form.retry_facts', { count: all.length, time: formatWait(all.reduce((sum, wait) => sum + wait, 0), i18n.language) });
  };
  return (
    <div>
      <Radio.Group label={t('form.retry_schedule')} value={value} onChange={onChange}>
        <Stack gap="sm" mt={6}>
          {(['standard', 'extended'] as const).map((schedule) => (
            <Radio
              key={schedule}
              value={schedule}
              label={t(`form.retry_${schedule}`)}
              description={[t(`form.retry_${schedule}_text`), facts(schedule)].filter(Boolean).join(' ')}
              disabled={disabled}
            />
          ))}
        </Stack>
      </Radio.Group>
      {waits.length > 0 && (
        <>
          <UnstyledButton mt="xs" onClick={() => setOpen(!open)} aria-expanded={open}>
            <Text size="sm" c="var(--mantine-color-anchor)">{open ? t('form.retry_hide') : t('form.retry_show')}</Text>
          </UnstyledButton>
          <Collapse expanded={open}>
            <Table withRowBorders={false} verticalSpacing={2} w="auto" mt="xs" aria-label={t('form.retry_table')}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>{t('form.retry_number')}</Table.Th>
                  <Table.Th>{t('form.retry_wait')}</Table.Th>
                  <Table.Th>{t('form.retry_after_all')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {waits.map((wait, index) => (
                  // A retry is what its number says.
                  <Table.Tr key={index}>
                    <Table.Td>{index + 1}</Table.Td>
                    <Table.Td>{formatWait(wait, i18n.language)}</Table.Td>
                    <Table.Td>{formatWait(sums[index]!, i18n.language)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
            <Text size="sm" c="dimmed" mt={4}>{t('form.retry_jitter')}</Text>
          </Collapse>
        </>
      )}
    </div>
  );
}
