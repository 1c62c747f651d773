// The URL of an endpoint, judged by the server while it is typed: the same verdict that saving would give.
import { Loader, TextInput, type TextInputProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconCircleCheck } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import { api, call } from '@/api/client';
import { refusalTexts } from '@/parts/refusal_text';
import { useTranslation } from '@/texts/translation';

const typingPauseMs = 350;

interface UrlFieldProps extends Omit<TextInputProps, 'value'> {
  value?: string;
  // The URL that is in use already; it is not checked.
  known?: string;
}

export function UrlField({ value = '', known, error, ...input }: UrlFieldProps) {
  const { t, i18n } = useTranslation('webhook_form');
  const [typed] = useDebouncedValue(value.trim(), typingPauseMs);
  const check = useQuery({
    queryKey: ['url-check', typed, i18n.language],
    // Why it is refused; null: it is good.
    queryFn: async () => {
      const { reason, code, params } = await call(api.POST('/api/url-checks', { body: { url: typed } }));
      return reason === null ? null : (await refusalTexts())({ detail: reason, code: code!, params });
    },
    enabled: typed !== '' && typed !== known,
    staleTime: Infinity,
    retry: false,
  });
  const settled = typed === value.trim() && typed !== '' && typed !== known;
  const reason = settled ? (check.data ?? undefined) : undefined;
  const good = settled && check.data === null;
  return (
    <TextInput
      {...input}
      type="url"
      inputMode="url"
      autoComplete="off"
      spellCheck={false}
      value={value}
      error={error ?? reason}
      rightSection={
        check.isFetching ? <Loader size={16} /> : good ? <IconCircleCheck size={18} color="var(--mantine-color-teal-text)" aria-label={t('form.url_good')} /> : null
      }
    />
  );
}
