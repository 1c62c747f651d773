// AuditDetail shows the rest of an entry of the audit log: its detail, and a line for each field that was changed.
import type { AuditEntry } from '@/api/schema';
import cells from '@/parts/cells.module.css';
import { useLocale } from '@/parts/Time';
import { useTranslation } from '@/texts/translation';
import styles from './AuditDetail.module.css';
import { detailText, valueText } from './detail_text';

export function AuditDetail({ detail, details, changes }: Pick<AuditEntry, 'detail' | 'details' | 'changes'>) {
  const { t } = useTranslation('audit');
  const { t: tCommon } = useTranslation();
  const locale = useLocale();
  const find = (key: string, values: Record<string, string | number> = {}) => {
    const text: string = t(key as 'details.from_network', values as { network?: never });
    return text === key ? null : text;
  };
  const text = detailText({ detail, details }, { find, role: (role) => tCommon(`role.${role}` as 'role.viewer'), locale });
  return (
    <div className={styles.detail}>
      {text !== '' && <p className={cells.faint}>{text}</p>}
      {(changes ?? []).map(({ field, before, after }) => {
        const [then, now] = [valueText(before, find), valueText(after, find)];
        return (
          <p key={field} className={styles.change}>
            <span className={styles.field}>{find(`fields.${field}`) ?? field}</span>
            {then !== null && <del>{then}</del>}
            {then !== null && <span aria-hidden> → </span>}
            {now === null ? <em>{t('values.none')}</em> : <ins>{now}</ins>}
          </p>
        );
      })}
    </div>
  );
}
