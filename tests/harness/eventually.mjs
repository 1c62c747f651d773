// Waits until `check` gives something true, and gives that. The error says what was awaited and, by `state`, what was.
export async function eventually(check, what, msMax = 15_000, state = () => '') {
  const end = Date.now() + msMax;
  for (;;) {
    const found = await check();
    if (found) return found;
    if (Date.now() > end) throw new Error(`no ${what} in ${msMax} ms; ${await state()}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

export function sleep(ms) { return new Promise((resolve) => { setTimeout(resolve, ms); }); }
