// The audit log as a file for a spreadsheet: for programs, so fields and details are as the API has them.
import type { AuditEntry } from '@/api/schema';
import { csvText } from '@/parts/csv_file';

const columns = ['at', 'action', 'actor_kind', 'actor', 'actor_id', 'subject_kind', 'subject', 'subject_id', 'detail', 'changes', 'id'];

// A line for each field: "max_per_second: — → 5".
function changesText(changes: AuditEntry['changes']): string {
  const shown = (value: unknown) => (value === null || value === '' ? '—' : Array.isArray(value) ? value.join(', ') || '—' : String(value));
  return (changes ?? []).map(({ field, before, after }) => `${field}: ${shown(before)} → ${shown(after)}`).join('\n');
}

export function auditCsv(entries: AuditEntry[]): string {
  const rows = entries.map(({ id, at, action, actor, subject, detail, changes }) => [
    new Date(at).toISOString(), action, actor?.kind ?? null, actor?.name ?? null, actor?.id ?? null,
    subject?.kind ?? null, subject?.name ?? null, subject?.id ?? null, detail, changesText(changes) || null, id,
  ]);
  return csvText([columns, ...rows]);
}
