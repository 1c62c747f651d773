// The entry. The frame is loaded beside it and run in pieces, so that no single one of them holds up the browser for long:
// React, then what the pages are found with, then all that stands around them, then the first rendering.
async function start() {
  await import('./boot/react');
  await import('./boot/router');
  const { show } = await import('./start');
  await show();
}

// There are no texts yet, nor anything to show them with.
function sayThatItFailed() {
  const line = document.createElement('p');
  line.setAttribute('role', 'alert');
  const french = navigator.language.startsWith('fr');
  line.append(french ? 'Le tableau de bord n’a pas pu être chargé. ' : 'The dashboard could not be loaded. ');
  const link = document.createElement('a');
  link.href = location.href;
  link.textContent = french ? 'Réessayer' : 'Try again';
  line.append(link);
  document.getElementById('root')!.replaceChildren(line);
}

start().catch(sayThatItFailed);
