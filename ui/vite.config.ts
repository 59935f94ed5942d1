import { fileURLToPath } from 'node:url';
import optimizeLocales from '@react-aria/optimize-locales-plugin';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { compressedTwins } from './vite/compress.ts';
import { iconChunks } from './vite/icons.ts';
import { baseTexts } from './vite/texts.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
/** Where `npm run dev` finds a server: `MARGE=http://localhost:8123 npm run dev`. */
const server = process.env.MARGE ?? 'http://localhost:8123';

export default defineConfig({
  resolve: { alias: { '@': here('./src') } },
  plugins: [
    react(),
    iconChunks(here('../marge/http/texts/icons.json')),
    baseTexts(here('./src')),
    { ...optimizeLocales.vite({ locales: ['en-US', 'de-DE'] }), enforce: 'pre' },
    compressedTwins(),
  ],
  build: {
    outDir: process.env.MARGE_UI_OUT ?? here('../marge/http/static/ui'),
    emptyOutDir: true,
    // What `light-dark()` and nesting need; older browsers get the server's page without a build.
    target: ['chrome123', 'firefox128', 'safari17.5'],
    manifest: 'build.json',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // the policy allows no data: fonts, and a hashed file is kept for ever
    chunkSizeWarningLimit: 800,
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // One file in place of dozens: what every page uses. Whatever else there is comes with the page that uses it.
          groups: [{ name: 'parts', test: /src\/(data\/[^/]+\.ts|app\/(auth|i18n|pages|theme|toasts|ErrorBoundary)\.tsx?|components\/(Banner|Button|Card|Chip|Dialog|EmptyState|entity|Icon|Menu|MoreInfo|PageHeader|RelativeTime|Skeleton|Spinner|Splash|fields)\.tsx)$/ }],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': { target: server, ws: true, changeOrigin: true },
      '/auth': { target: server, changeOrigin: true },
      '/media/': { target: server, changeOrigin: true },
    },
  },
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}', 'vite/**/*.test.ts'],
    setupFiles: ['./src/test/setup.ts'],
    css: false,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
