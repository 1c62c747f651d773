// The recipient of a notice channel says that they want its e-mails. The link's token is behind the #, which browsers
// send to nobody. Opening the page confirms nothing: the button does.
import { Alert, Button, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useLocation } from 'react-router';

import { api, call } from '@/api/client';
import { hasStatus } from '@/api/problem';
import { FormError } from '@/parts/FormError';
import { FullPage } from '@/parts/FullPage';
import { Loaded } from '@/parts/Loaded';
import { useTranslation } from '@/texts/translation';
import { AccessCard } from './AccessCard';

export function ConfirmPage() {
  const { t } = useTranslation('access');
  const token = useLocation().hash.slice(1);
  const link = useQuery({
    queryKey: ['recipient-link', token],
    queryFn: () => call(api.POST('/api/notice-recipients/check', { body: { token } })),
    retry: false,
    staleTime: Infinity,
  });
  const confirm = useMutation({ mutationFn: () => call(api.POST('/api/notice-recipients', { body: { token } })) });
  if (hasStatus(link.error, 422)) {
    return <AccessCard title={t('confirm.gone')} text={t('confirm.gone_text')}>{null}</AccessCard>;
  }
  if (link.data === undefined) return <FullPage><Loaded query={link}>{() => null}</Loaded></FullPage>;
  const { recipient, channel } = link.data;
  return (
    <AccessCard title={t('confirm.title')} text={t('confirm.text', { channel })}>
      <Stack mt="md">
        <FormError error={confirm.error} />
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>{recipient}</Text>
        {confirm.isSuccess ? (
          <Alert color="teal" role="status" title={t('confirm.done')}>{t('confirm.done_text')}</Alert>
        ) : (
          <Button loading={confirm.isPending} fullWidth onClick={() => confirm.mutate()}>{t('confirm.button')}</Button>
        )}
      </Stack>
    </AccessCard>
  );
}
