// A sample of what a receiver is sent for an event. It is loaded with the first sample that is opened.
import type { EventType } from '@/api/schema';
import { Code } from '@/parts/Code';
import { useTranslation } from '@/texts/translation';
import { samples } from './samples';

export function SamplePayload({ event }: { event: EventType }) {
  const { t } = useTranslation('webhook_form');
  return <Code label={t('form.sample_of', { event })} language="code">{JSON.stringify(samples[event], null, 2)}</Code>;
}
