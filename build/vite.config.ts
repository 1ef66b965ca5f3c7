/** The window's files: Svelte compiled and bundled into dist/renderer, for app:// and the local web host alike. */
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vite';

const at = (place: string): string => fileURLToPath(new URL(place, import.meta.url));

export default defineConfig({
  root: at('../renderer'),
  // Served from app://…/ and http://127.0.0.1:…/ : every address is relative to the page.
  base: './',
  publicDir: false,
  plugins: [svelte({ configFile: false })],
  build: {
    outDir: at('../dist/renderer'),
    emptyOutDir: true,
    // The content security policy knows 'self' only: no data: addresses, no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
  },
});
