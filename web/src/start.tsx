// Shows the dashboard, once there are texts.
import './styles';

import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';

import { connection } from './api/connection';
import { App } from './app/App';
import { askFirst } from './app/first_requests';
import { startTexts } from './texts/i18n';

// A page's file did not come: the server is gone (RouteError waits for it), or it is a newer one that no longer has it.
const reloadedKey = 'shakehook-reloaded-at';
const reloadMsMin = 10_000;
window.addEventListener('vite:preloadError', () => {
  void connection.probe().then(() => {
    const before = Number(sessionStorage.getItem(reloadedKey) ?? 0);
    if (connection.isLost() || Date.now() - before < reloadMsMin) return;
    sessionStorage.setItem(reloadedKey, String(Date.now()));
    location.reload();
  });
});

// In a transition React renders in pieces.
export async function show(areas: string[]) {
  void askFirst(location.pathname);
  await startTexts(areas);
  const root = createRoot(document.getElementById('root')!);
  startTransition(() => root.render(<StrictMode><App /></StrictMode>));
}
