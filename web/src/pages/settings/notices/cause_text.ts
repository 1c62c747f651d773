// The cause of a notice in the viewer's language. Notices of older servers have no code, and keep the server's words.
import { useCallback } from 'react';

import type { Notice } from '@/api/schema';
import { useTranslation } from '@/texts/translation';

export function useCauseText() {
  const { t, i18n } = useTranslation('causes');
  return useCallback(
    ({ cause, cause_code: code, cause_params: params }: Pick<Notice, 'cause' | 'cause_code' | 'cause_params'>): string => {
      if (code === null || !i18n.exists(`causes:attempt.${code}`)) return cause ?? '';
      return t(`attempt.${code}`, { status: String(params.status ?? '') });
    },
    [t, i18n],
  );
}
