// Shows the dashboard, once there are texts.
import './styles';

import { StrictMode, startTransition } from 'react';
import { createRoot } from 'react-dom/client';

import { reloadWhereFilesAreLost } from './api/lost_files';
import { App } from './app/App';
import { askFirst } from './app/first_requests';
import { startTexts } from './texts/i18n';

reloadWhereFilesAreLost();

// In a transition React renders in pieces.
export async function show(areas: string[]) {
  void askFirst(location.pathname);
  await startTexts(areas);
  const root = createRoot(document.getElementById('root')!);
  startTransition(() => root.render(<StrictMode><App /></StrictMode>));
}
