// The entry. The frame is loaded beside it and run in pieces, so that no single one of them holds up the browser for long:
// React, then what the pages are found with, then all that stands around them, then the first rendering.
import { firstPage } from './boot/first_page';

async function start() {
  await import('./boot/react');
  await import('./boot/router');
  const { show } = await import('./start');
  await show(firstPage(location.pathname)?.areas ?? []);
}

void start();
