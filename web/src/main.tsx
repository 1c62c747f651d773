import './styles';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { App } from './app/App';
import { startTexts } from './texts/i18n';

// A new version of the server no longer has the old files.
window.addEventListener('vite:preloadError', (event) => {
  const key = 'shakehook-reloaded-at';
  const before = Number(sessionStorage.getItem(key) ?? 0);
  if (Date.now() - before < 10_000) return;
  sessionStorage.setItem(key, String(Date.now()));
  event.preventDefault();
  location.reload();
});

await startTexts();
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
