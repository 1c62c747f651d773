// A file of the dashboard may not come: the server is gone, or it is a newer one that no longer has the file. For a page
// the browser then loads all anew. What a person can do without is loaded by tryToLoad, and nothing is lost by it.
import { connection } from './connection';

const reloadedKey = 'shakehook-reloaded-at';
const reloadMsMin = 10_000;
let tried = 0;

// Loads a file that may be missing: who asked for it says so, and the page stays as it is, with what was typed there.
export async function tryToLoad<File>(load: () => Promise<File>): Promise<File> {
  tried += 1;
  try {
    return await load();
  } finally {
    tried -= 1;
  }
}

export function reloadWhereFilesAreLost() {
  window.addEventListener('vite:preloadError', () => {
    if (tried > 0) return;
    void connection.probe().then(() => {
      const before = Number(sessionStorage.getItem(reloadedKey) ?? 0);
      if (connection.isLost() || Date.now() - before < reloadMsMin) return;
      sessionStorage.setItem(reloadedKey, String(Date.now()));
      location.reload();
    });
  });
}
