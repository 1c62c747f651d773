// Why a channel did not take a notice, in the viewer's language. Notices of older servers have no code, and keep the
// server's words.
import { useCallback } from 'react';

import type { Notice } from '@/api/schema';
import { useTranslation } from '@/texts/translation';

export function useFaultText() {
  const { t, i18n } = useTranslation('notices');
  return useCallback(
    ({ error, error_code: code, error_params: params }: Pick<Notice, 'error' | 'error_code' | 'error_params'>): string => {
      if (code === null || !i18n.exists(`notices:errors.${code}`)) return error ?? '';
      return t(`errors.${code}`, { status: String(params.status ?? ''), reply: params.reply ?? '' });
    },
    [t, i18n],
  );
}
