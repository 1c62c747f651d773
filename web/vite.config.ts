import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

import { firstFiles } from './scripts/first_files';

// Where `npm run dev` finds a running server.
const server = process.env['SHAKEHOOK_URL'] ?? 'http://127.0.0.1:8080';
const served = ['/api', '/inbox', '/docs', '/openapi.json', '/healthz', '/readyz'];

// The modules that the first page cannot do without: what the entry and the start import, but for what they import when it is
// needed.
const frame = new Set<string>();
const findFrame: Plugin = {
  name: 'find-frame',
  buildEnd() {
    const found = [...this.getModuleIds()].filter((id) => id.endsWith('/src/start.tsx'));
    for (let id = found.pop(); id !== undefined; id = found.pop()) {
      if (frame.has(id)) continue;
      frame.add(id);
      found.push(...(this.getModuleInfo(id)?.importedIds ?? []));
    }
  },
};

// Libraries whose one entry leads to all that they have: of these the frame takes what it uses.
const libraries = /@mantine|@floating-ui|tabler|number-format|react-remove-scroll/;
const everyPage = /@mantine\/core\/esm\/(core|components\/(Anchor|Loader|CloseButton|Paper|SimpleGrid|Skeleton|Stack|Title|UnstyledButton))\/|@mantine\/hooks\/esm\/(use-(uncontrolled|merged-ref|id|did-update|callback-ref)|utils)\//;

export default defineConfig({
  plugins: [react(), findFrame, firstFiles()],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  // The server takes a changing request only from its own origin.
  server: {
    proxy: Object.fromEntries(served.map((path) => [path, { target: server, changeOrigin: true, headers: { origin: server } }])),
  },
  build: {
    target: 'es2022',
    // The page's policy forbids inline styles and data: URLs but for images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // One file of what changes seldom, which stays in the browser's cache when the dashboard changes; one of the rest of
        // the frame; one of what most pages share. Many small files would weigh more than they do together.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\/|src\/boot\/react/, priority: 3 },
            { name: 'router', test: /node_modules\/(react-router|cookie|set-cookie-parser|@tanstack)\/|src\/boot\/router/, priority: 2 },
            { name: 'boot', test: /src\/boot\/(first|boot)|preload-helper/, priority: 2 },
            { name: 'frame', test: (id) => (frame.has(id) && !libraries.test(id)) || everyPage.test(id), priority: 2 },
            { name: 'inputs', test: /core\/esm\/components\/(Input|InputBase|TextInput|NativeSelect|Combobox\/ComboboxChevron|Accordion\/AccordionChevron|Radio\/RadioIcon)|utils\/(InlineInput|InputsGroupFieldset)|use-debounced/, minShareCount: 2, priority: 2 },
            { name: 'popups', test: /@floating-ui|core\/esm\/(utils\/Floating|components\/(Combobox|Popover|ScrollArea|Select)\/)/, minShareCount: 2, priority: 1 },
            { name: 'menus', test: /core\/esm\/components\/Menu\//, minShareCount: 2, priority: 1 },
            { name: 'dialogs', test: /react-remove-scroll|core\/esm\/components\/Modal|parts\/FormDialog/, minShareCount: 2, priority: 1 },
            { name: 'forms', test: /@mantine\/form|klona|fast-deep-equal|parts\/submit/, minShareCount: 2, priority: 1 },
            { name: 'parts', minShareCount: 3, test: /src\/(parts|queries|api)\/(?!.*(json|signature|chart|inboxes|Select|(?<!Confirm)Dialog|Modal|Field|Session|Searched|Calendars|ChangePassword|submit|picker))|tabler|core\/utils/, priority: 1 },
            { name: 'shared', minShareCount: 8, test: (id) => !/\/texts\/../.test(id), priority: 0 },
          ],
        },
      },
    },
  },
});
