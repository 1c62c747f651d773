// How the fields that a column may fill are called on the screen.
import { useMemo } from 'react';

import type { CustomField } from '@/api/schema';
import { fieldGroups } from '@/parts/records/kinds';
import type { Kind } from '@/queries/records';
import { useTranslation } from '@/texts/translation';

export type TargetLabels = Record<string, string>;

export function useTargetLabels(kind: Kind, fields: CustomField[]): TargetLabels {
  const { t } = useTranslation('records');
  return useMemo(() => {
    const labels: TargetLabels = { id: t('id') };
    for (const { name, fields: documented } of fieldGroups[kind]) {
      for (const field of documented) {
        const label = t(`field.${field.name}` as 'field.email');
        labels[field.name] = name === 'billing' ? `${t('group.billing')}: ${label}` : label;
      }
    }
    for (const { code, label } of fields) labels[code] = label;
    return labels;
  }, [t, kind, fields]);
}
