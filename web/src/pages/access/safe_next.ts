// Where to go after signing in: an address of the dashboard alone.
export function safeNext(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) ? next : '/';
}
