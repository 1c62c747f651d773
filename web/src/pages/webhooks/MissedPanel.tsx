// "Send what it missed": events from before the webhook existed or was subscribed, and deliveries that failed.
import { Button, Group, NativeSelect, type PaperProps, Stack } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';

import type { ReplayFilter } from '@/api/replay_filter';
import type { Webhook } from '@/api/schema';
import { DateTimeField } from '@/parts/DateFields';
import { formatTime } from '@/parts/format_time';
import { Panel } from '@/parts/Panel';
import { fromPicker, toPicker } from '@/parts/picker_time';
import { useTranslation } from '@/texts/translation';

const ReplayDialog = lazy(async () => ({ default: (await import('@/parts/webhooks/ReplayDialog')).ReplayDialog }));

const dayMs = 86_400_000;

export function MissedPanel({ webhook, ...paper }: { webhook: Webhook } & PaperProps) {
  const { t, i18n } = useTranslation('webhooks');
  const [what, setWhat] = useState<'failed' | 'missing'>('failed');
  const [since, setSince] = useState<string | null>(() => toPicker(Date.now() - dayMs));
  const [filter, setFilter] = useState<ReplayFilter | null>(null);
  const start = () => {
    const from = fromPicker(since);
    setFilter({ ...(what === 'missing' ? { status: [], missing: true } : { status: 'failed' }), ...(from === undefined ? {} : { since: from }) });
  };
  return (
    <Panel title={t('missed.title')} text={t('missed.text')} {...paper}>
      <Stack>
        <NativeSelect
          label={t('missed.what')}
          description={t(`missed.${what}_text`)}
          data={(['failed', 'missing'] as const).map((value) => ({ value, label: t(`missed.${value}`) }))}
          value={what}
          onChange={({ currentTarget }) => setWhat(currentTarget.value as typeof what)}
          maw={480}
        />
        <Group align="flex-end" gap="sm">
          <DateTimeField label={t('missed.since')} value={since} onChange={setSince} clearable maxDate={new Date()} w={240} />
          <Button onClick={start}>{t('missed.check')}</Button>
        </Group>
      </Stack>
      {filter && (
        <Suspense fallback={null}><ReplayDialog
          webhookId={webhook.id}
          filter={filter}
          title={t(filter.missing ? 'missed.missing' : 'missed.failed')}
          text={filter.since == null ? t('missed.all_time') : t('missed.from', { time: formatTime(filter.since, 'full', i18n.language) })}
          onClose={() => setFilter(null)}
        /></Suspense>
      )}
    </Panel>
  );
}
