// Routes and shapes that the server has or gets and that its description (src/api/openapi.json) does not say yet, typed
// by hand. A route that is in the description wins; then its lines here go.

interface Parts {
  query?: Record<string, unknown>;
  path?: Record<string, string>;
  body?: unknown;
}

// One operation as openapi-typescript would write it.
type Operation<Answer, P extends Parts = object, Status extends number = 200> = {
  parameters: (P extends { query: infer Query } ? { query?: Query } : { query?: never }) &
    (P extends { path: infer Path } ? { path: Path } : { path?: never }) & { header?: never; cookie?: never };
  responses: {
    [S in Status]: { headers: Record<string, unknown>; content: { 'application/json': Answer } };
  };
} & (P extends { body: infer Body } ? { requestBody: { content: { 'application/json': Body } } } : { requestBody?: never });

type ById = { path: { id: string } };

// Records

export type ImportError = { row: number; field: string | null; detail: string };
export type NewImport = {
  kind: 'contact' | 'account';
  csv: string;
  columns?: Record<string, string | null>;
  dry_run?: boolean;
};
export type ImportPreview = {
  columns: { header: string; field: string | null }[];
  delimiter: string;
  rows: number;
  created: number;
  updated: number;
  unchanged: number;
  errors: ImportError[];
  error_count: number;
  preview: Record<string, unknown>[];
};
export type Import = {
  id: string;
  venue_id: string;
  kind: 'contact' | 'account';
  state: 'running' | 'done' | 'canceled';
  rows: number;
  done: number;
  created: number;
  updated: number;
  unchanged: number;
  failed: number;
  errors: ImportError[];
  created_at: number;
  ended_at: number | null;
};

export interface PendingPaths {
  '/api/venues/{venue_id}/imports': {
    post: Operation<ImportPreview | Import, { path: { venue_id: string }; body: NewImport }, 200 | 201>;
  };
  '/api/imports/{id}': { get: Operation<Import, ById> };
  '/api/imports/{id}/cancel': { post: Operation<Import, ById> };
}
