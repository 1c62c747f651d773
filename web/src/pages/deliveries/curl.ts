// A delivery's newest request as a curl command, to send it to a receiver on one's desk. What HTTP makes itself is left
// out, as are masked credentials.
import type { DeliveryDetail } from '@/api/schema';

const madeByCurl = new Set(['host', 'content-length']);
const mask = '***';

// As a POSIX shell reads it: nothing inside single quotes means anything.
export function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

export function curlOf(delivery: Pick<DeliveryDetail, 'payload' | 'attempts'>): string {
  const attempt = delivery.attempts.at(-1);
  const headers = Object.entries(attempt?.request_headers ?? { 'Content-Type': 'application/json' })
    .filter(([name, value]) => !madeByCurl.has(name.toLowerCase()) && value !== mask)
    .map(([name, value]) => `-H ${quoteForShell(`${name}: ${value}`)}`);
  const url = attempt?.url ?? 'http://localhost:3000/';
  return ['curl -X POST', ...headers, `--data-raw ${quoteForShell(delivery.payload)}`, quoteForShell(url)].join(' \\\n  ');
}
