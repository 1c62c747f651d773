import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// Where `npm run dev` finds a running server.
const server = process.env['SHAKEHOOK_URL'] ?? 'http://127.0.0.1:8080';
const served = ['/api', '/inbox', '/docs', '/openapi.json', '/healthz', '/readyz'];

export default defineConfig({
  plugins: [react()],
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
        // What changes seldom stays in the browser's cache when the dashboard changes.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler|react-router)\// },
          ],
        },
      },
    },
  },
});
