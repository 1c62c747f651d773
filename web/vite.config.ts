import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

// Where `npm run dev` finds a running server.
const server = process.env['SHAKEHOOK_URL'] ?? 'http://127.0.0.1:8080';
const served = ['/api', '/inbox', '/docs', '/openapi.json', '/healthz', '/readyz'];

// The modules that the first page cannot do without: what the entry imports, but for what it imports when it is needed.
const frame = new Set<string>();
const findFrame: Plugin = {
  name: 'find-frame',
  buildEnd() {
    const found = [...this.getModuleIds()].filter((id) => this.getModuleInfo(id)?.isEntry);
    for (let id = found.pop(); id !== undefined; id = found.pop()) {
      if (frame.has(id)) continue;
      frame.add(id);
      found.push(...(this.getModuleInfo(id)?.importedIds ?? []));
    }
  },
};

export default defineConfig({
  plugins: [react(), findFrame],
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
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler|react-router)\//, priority: 2 },
            { name: 'frame', test: (id) => frame.has(id) && !/@mantine\/core|tabler|number-format/.test(id), priority: 1 },
            { name: 'parts', minShareCount: 3, test: /src\/(parts|queries|api)\/(?!.*(json|signature|chart|inboxes))|tabler|core\/utils/, priority: 1 },
            { name: 'shared', minShareCount: 8, test: (id) => !/\/texts\/../.test(id), priority: 0 },
          ],
        },
      },
    },
  },
});
