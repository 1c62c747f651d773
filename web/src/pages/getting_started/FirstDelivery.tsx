// Shows how the newest delivery goes, as it happens.
import { Anchor, Group, Loader, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconClock } from '@tabler/icons-react';
import type { Delivery, Webhook } from '@/api/schema';
import { Link } from '@/context/links';

import { Time } from '@/parts/Time';
import { useTranslation } from '@/texts/translation';

export function FirstDelivery({ webhook, latest }: { webhook: Webhook; latest: Delivery | undefined }) {
  const { t } = useTranslation('getting_started');
  if (latest === undefined) {
    return (
      <Group gap="xs" w="100%" role="status">
        <Loader size="xs" aria-hidden />
        <Text size="sm">{t('test.waiting', { name: webhook.name })}</Text>
      </Group>
    );
  }
  const retrying = latest.status === 'pending' && latest.attempt_count > 0;
  const state = retrying ? 'retrying' : latest.status;
  const Glyph = state === 'delivered' ? IconCircleCheck : state === 'failed' || retrying ? IconCircleX : IconClock;
  const color = state === 'delivered' ? 'teal' : state === 'failed' || retrying ? 'red' : 'gray';
  return (
    <Group gap="xs" w="100%" role="status" wrap="nowrap" align="flex-start">
      <Glyph size={20} aria-hidden color={`var(--mantine-color-${color}-text)`} />
      <Text size="sm" component="div">
        {t(`test.${state}`, { event: latest.event })} <Time at={latest.created_at} style="ago" />{'. '}
        <Anchor component={Link} to={`/deliveries/${latest.id}`} inherit underline="always">{t('test.look')}</Anchor>
      </Text>
    </Group>
  );
}
