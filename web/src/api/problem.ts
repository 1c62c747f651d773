// A call that fails throws one of these: the server refused (ApiProblem), or it could not be reached (Unreachable).
import type { FieldError, Problem } from './schema';

// A refusal, as the server gave it (RFC 9457). `errors` names the fields of a 422.
export class ApiProblem extends Error {
  readonly status: number;
  // The kind of problem: the end of its type ("in-use").
  readonly kind: string;
  // The values that its detail names.
  readonly params: Readonly<Record<string, string | number>>;
  readonly title: string;
  readonly errors: readonly FieldError[];
  // A 429 and a 503 say when to try again.
  readonly retryAfterSeconds: number | null;

  constructor(problem: Problem, retryAfterSeconds: number | null = null) {
    super(problem.detail || problem.title);
    this.name = 'ApiProblem';
    this.status = problem.status;
    this.kind = problem.type.replace(/^\/docs#(problem-)?/, '');
    this.params = problem.params ?? {};
    this.title = problem.title;
    this.errors = problem.errors ?? [];
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

// No answer came, or one that is not the server's (a proxy's 502).
export class Unreachable extends Error {
  constructor(cause?: unknown) {
    super('The server cannot be reached.', { cause });
    this.name = 'Unreachable';
  }
}

function isProblem(body: unknown): body is Problem {
  return typeof body === 'object' && body !== null && 'title' in body && 'status' in body;
}

// The problem in a body that may be anything.
export function problemOf(response: Response, body: unknown): ApiProblem {
  const seconds = Number(response.headers.get('Retry-After') ?? '');
  const retryAfter = response.headers.has('Retry-After') && Number.isFinite(seconds) ? seconds : null;
  if (isProblem(body)) return new ApiProblem(body, retryAfter);
  const title = response.statusText || `HTTP ${response.status}`;
  return new ApiProblem({ type: '/docs#problem-internal', title, status: response.status, detail: title }, retryAfter);
}

export function hasStatus(error: unknown, status: number): error is ApiProblem {
  return error instanceof ApiProblem && error.status === status;
}

export function isKind(error: unknown, kind: string): error is ApiProblem {
  return error instanceof ApiProblem && error.kind === kind;
}

// A sign-in whose password was right: the user has a second factor.
export function asksForCode(error: unknown): boolean {
  return isKind(error, 'second-factor-needed');
}
