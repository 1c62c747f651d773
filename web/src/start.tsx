// Shows the dashboard, once there are texts.
import './styles';

import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';

import { reloadWhereFilesAreLost } from './api/lost_files';
import { App } from './app/App';
import { askFirst } from './app/first_requests';
import { firstPage } from './boot/first_page';
import { endReading, readEarly } from './boot/first_responses';
import { startTexts } from './texts/i18n';

reloadWhereFilesAreLost();

// So long the first rendering waits for what it shows. Usually the server has answered before the code was there; then the
// page is rendered once, in pieces, and not again when its data comes.
const patienceMs = 400;

// In a transition React renders in pieces.
export async function show() {
  const first = firstPage(location.pathname, location.search);
  const asked = Promise.all([askFirst(location.pathname), readEarly(first?.asks ?? [])]);
  await startTexts(first?.areas ?? []);
  await Promise.race([asked, new Promise((resolve) => { setTimeout(resolve, patienceMs); })]);
  endReading();
  const root = createRoot(document.getElementById('root')!);
  startTransition(() => root.render(<StrictMode><App /></StrictMode>));
}
