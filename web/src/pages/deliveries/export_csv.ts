// The log as a file for a spreadsheet.
import type { Delivery } from '@/api/schema';
import { csvText } from '@/parts/csv_file';

export interface ExportNames {
  subject: (eventId: string) => string | null;
  webhook: (id: string) => string;
  venue: (id: string) => string;
}

const columns = ['created_at', 'status', 'event', 'name', 'resource_id', 'webhook', 'webhook_id', 'venue', 'venue_id', 'status_code', 'error', 'duration_ms', 'attempts', 'delivered_at', 'id'];

export function csvOf(deliveries: Delivery[], names: ExportNames): string {
  const time = (at: number | null) => (at === null ? null : new Date(at).toISOString());
  const rows = deliveries.map((delivery) => [
    time(delivery.created_at), delivery.status, delivery.event, names.subject(delivery.event_id), delivery.resource_id,
    names.webhook(delivery.webhook_id), delivery.webhook_id, names.venue(delivery.venue_id), delivery.venue_id,
    delivery.last_attempt?.status_code ?? null, delivery.last_attempt?.error_code ?? null,
    delivery.last_attempt === null ? null : Math.round(delivery.last_attempt.duration_ms),
    delivery.attempt_count, time(delivery.delivered_at), delivery.id,
  ]);
  return csvText([columns, ...rows]);
}
