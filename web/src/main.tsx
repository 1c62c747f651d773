import './styles';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { connection } from './api/connection';
import { App } from './app/App';
import { askFirst } from './app/first_requests';
import { firstAreas } from './texts/first_areas';
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

void askFirst(location.pathname);
await startTexts(firstAreas(location.pathname));
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
