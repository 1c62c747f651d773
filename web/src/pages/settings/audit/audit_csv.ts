// The audit log as a file for a spreadsheet, and how a detail and the changes of fields read.
import type { AuditEntry } from '@/api/schema';
import { csvText } from '@/parts/csv_file';

const columns = ['at', 'action', 'actor_kind', 'actor', 'actor_id', 'subject_kind', 'subject', 'subject_id', 'detail', 'changes', 'id'];

// Returns a detail as "key: value" pairs.
export function detailText(detail: unknown): string {
  if (detail === null || detail === undefined) return '';
  if (typeof detail !== 'object') return String(detail);
  return Object.entries(detail)
    .map(([key, value]) => `${key}: ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ');
}

// A line for each field: "max_per_second: — → 5".
export function changesText(changes: AuditEntry['changes']): string {
  const shown = (value: unknown) => (value === null || value === '' ? '—' : Array.isArray(value) ? value.join(', ') || '—' : String(value));
  return (changes ?? []).map(({ field, before, after }) => `${field}: ${shown(before)} → ${shown(after)}`).join('\n');
}

export function auditCsv(entries: AuditEntry[]): string {
  const rows = entries.map(({ id, at, action, actor, subject, detail, changes }) => [
    new Date(at).toISOString(), action, actor?.kind ?? null, actor?.name ?? null, actor?.id ?? null,
    subject?.kind ?? null, subject?.name ?? null, subject?.id ?? null, detail === null || detail === undefined ? null : JSON.stringify(detail), changesText(changes) || null, id,
  ]);
  return csvText([columns, ...rows]);
}
