// The strip shows what is left of the first steps, in a line above the board. It goes when they are done, or when it is closed.
import { Button, CloseButton, Text } from '@mantine/core';

import { Link } from '@/context/links';
import { useProgress } from '@/context/progress';
import { useFirstSteps } from '@/parts/first_steps';
import { useTranslation } from '@/texts/translation';
import styles from './StartStrip.module.css';

export function StartStrip() {
  const { has, mark } = useProgress();
  if (has('strip_closed')) return null;
  return <Strip onClose={() => mark('strip_closed')} />;
}

function Strip({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('home');
  const { done, webhook, ready } = useFirstSteps();
  const steps = [done.created, done.copied, done.delivered];
  const count = steps.filter(Boolean).length;
  if (!ready || count === steps.length) return null;
  const next = !done.created ? 'create' : !done.copied ? 'copy' : 'test';
  const to = { create: '/webhooks/new', copy: webhook ? `/webhooks/${webhook.id}?tab=secret` : '/webhooks', test: '/getting-started' }[next];
  return (
    <section className={styles.strip} aria-label={t('start.label')}>
      <div className={styles.steps} aria-hidden>{steps.map((each, index) => <span key={index} data-done={each || undefined} />)}</div>
      <Text size="sm">{t(`start.${next}`)}</Text>
      <Button component={Link} to={to} size="compact-sm" variant="light" ml="auto">{t('start.go')}</Button>
      <CloseButton aria-label={t('start.close')} onClick={onClose} />
    </section>
  );
}
