import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** `vite build` writes dist/, which the server serves as it is. `vite` alone passes the API on to a running server. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: { proxy: { '/api': 'http://127.0.0.1:8323' } },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // No inline scripts or styles: the page runs under a strict content security policy.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
});
