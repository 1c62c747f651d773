// The secret, the code that verifies with it, and the bench that finds why a signature does not match.
import type { Webhook } from '@/api/schema';
import { Panel } from '@/parts/Panel';
import { SignatureBench } from '@/parts/signature/SignatureBench';
import { useTranslation } from '@/texts/translation';
import { SecretPanel } from './SecretPanel';
import { VerifyPanel } from './VerifyPanel';

export function SecretTab({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation('bench');
  return (
    <>
      <SecretPanel webhook={webhook} />
      <VerifyPanel mt="lg" />
      <Panel title={t('title')} mt="lg"><SignatureBench webhookId={webhook.id} /></Panel>
    </>
  );
}
