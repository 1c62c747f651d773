// Sends rows in batches. A batch is one transaction that a bad row refuses: the rows that the server names are taken out
// and the rest is sent again. What stopped half-way goes on where it was; a batch whose answer was lost is sent again under
// its own key, so that nothing is made twice.
import { hasStatus } from '../../../api/problem';
import type { Item, Refused } from './import_rows';

export const batchRowsMax = 200;

export interface Progress {
  // Rows that have their result, refused ones too.
  done: number;
  created: number;
  updated: number;
  unchanged: number;
  refused: Refused[];
}

export const nothingYet: Progress = { done: 0, created: 0, updated: 0, unchanged: 0, refused: [] };

export interface BatchAnswer {
  results: { id: string; result: 'created' | 'updated' | 'unchanged' }[];
}
// One batch; throws ApiProblem or Unreachable.
export type SendBatch = (items: Record<string, unknown>[], key: string) => Promise<BatchAnswer>;

// What is under way of a batch: kept when it fails, to be sent again as it was.
interface Pending {
  items: Item[];
  size: number;
  key: string;
}

export class ImportRun {
  private pending: Pending | null = null;
  private progress = nothingYet;

  constructor(
    private readonly items: Item[],
    private readonly send: SendBatch,
    private readonly newKey: () => string,
    private readonly onProgress: (progress: Progress) => void,
  ) {}

  // Until all is sent or `signal` says stop, which it does between two batches. Throws what a batch throws that is no
  // fault of a row; may then be called again.
  async goOn(signal: AbortSignal): Promise<void> {
    while (this.progress.done < this.items.length && !signal.aborted) {
      const next = this.items.slice(this.progress.done, this.progress.done + batchRowsMax);
      this.pending ??= { items: next, size: next.length, key: this.newKey() };
      await this.sendPending(this.pending);
      this.pending = null;
    }
  }

  private async sendPending(pending: Pending) {
    const refused: Refused[] = [];
    while (pending.items.length > 0) {
      try {
        const { results } = await this.send(pending.items.map(({ data }) => data), pending.key);
        const count = (result: string) => results.filter((each) => each.result === result).length;
        this.report(pending.size, refused, { created: count('created'), updated: count('updated'), unchanged: count('unchanged') });
        return;
      } catch (failure) {
        const named = hasStatus(failure, 422) ? rowsNamed(failure.errors, pending.items) : [];
        if (named.length === 0) {
          // The rows that were found bad are known: they are not asked about again.
          this.progress = { ...this.progress, refused: [...this.progress.refused, ...refused] };
          throw failure;
        }
        refused.push(...named);
        const bad = new Set(named.map(({ row }) => row));
        pending.items = pending.items.filter(({ row }) => !bad.has(row));
        pending.key = this.newKey();
      }
    }
    this.report(pending.size, refused, { created: 0, updated: 0, unchanged: 0 });
  }

  private report(size: number, refused: Refused[], counts: { created: number; updated: number; unchanged: number }) {
    const { done, created, updated, unchanged } = this.progress;
    this.progress = {
      done: done + size,
      created: created + counts.created,
      updated: updated + counts.updated,
      unchanged: unchanged + counts.unchanged,
      refused: [...this.progress.refused, ...refused],
    };
    this.onProgress(this.progress);
  }
}

// "12.email" is the field `email` of item 12.
function rowsNamed(errors: readonly { field: string; detail: string }[], items: Item[]): Refused[] {
  return errors.flatMap(({ field, detail }) => {
    const [, index, name] = field.match(/^(\d+)(?:\.(.*))?$/) ?? [];
    const item = index === undefined ? undefined : items[Number(index)];
    return item ? [{ row: item.row, field: name || null, problem: { detail } }] : [];
  });
}
