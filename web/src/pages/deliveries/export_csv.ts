// The log as a file for a spreadsheet.
import type { Delivery } from '@/api/schema';

export interface ExportNames {
  subject: (eventId: string) => string | null;
  webhook: (id: string) => string;
  venue: (id: string) => string;
}

const columns = ['created_at', 'status', 'event', 'name', 'resource_id', 'webhook', 'webhook_id', 'venue', 'venue_id', 'status_code', 'error', 'duration_ms', 'attempts', 'delivered_at', 'id'];

// A cell that a spreadsheet would take for a formula begins with an apostrophe.
export function cellOf(value: string | number | null): string {
  const text = value === null ? '' : typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export function csvOf(deliveries: Delivery[], names: ExportNames): string {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const rows = deliveries.map((delivery) => [
    time(delivery.created_at), delivery.status, delivery.event, names.subject(delivery.event_id), delivery.resource_id,
    names.webhook(delivery.webhook_id), delivery.webhook_id, names.venue(delivery.venue_id), delivery.venue_id,
    delivery.last_attempt?.status_code ?? null, delivery.last_attempt?.error_code ?? null,
    delivery.last_attempt === null ? null : Math.round(delivery.last_attempt.duration_ms),
    delivery.attempt_count, time(delivery.delivered_at), delivery.id,
  ]);
  // The mark tells spreadsheets that it is UTF-8.
  return `\ufeff${[columns, ...rows].map((row) => row.map(cellOf).join(',')).join('\r\n')}\r\n`;
}

export function save(text: string, name: string) {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
