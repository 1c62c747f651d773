// A failing webhook that the server will disable by itself says so, and when.
import { Alert } from '@mantine/core';
import { IconClockExclamation } from '@tabler/icons-react';

import type { Webhook } from '@/api/schema';
import { Time } from '@/parts/Time';
import { useTranslation } from '@/texts/translation';

export function DisablesSoon({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('webhooks');
  const { condition, disables_at: at } = webhook.health;
  if (at === null || condition !== 'failing') return null;
  return (
    <Alert color="orange" icon={<IconClockExclamation size={18} aria-hidden />}>
      {t('page.disables_at', { count: webhook.disable_after_days ?? 0 })} <Time at={at} />
    </Alert>
  );
}
