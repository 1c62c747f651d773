// Sets light or dark before the first paint. The page's policy allows no inline script, so it is a file.
(function () {
  var chosen = null;
  try {
    chosen = localStorage.getItem('shakehook-color-scheme');
  } catch (error) {
    // Storage may be forbidden; then the system decides.
  }
  var dark = chosen === 'dark' || (chosen !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
