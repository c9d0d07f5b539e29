import { fileURLToPath } from 'node:url';
import { configDefaults, defineConfig } from 'vitest/config';

const source = (file: string) => fileURLToPath(new URL(file, import.meta.url));

export default defineConfig({
  // Tests read the packages' sources, so that no stale build can hide a fault.
  resolve: {
    alias: [
      { find: /^local-cloud$/, replacement: source('./packages/local-cloud/src/index.ts') },
      { find: /^overseed$/, replacement: source('./packages/overseed/src/index.ts') },
      { find: /^overseed\/testing$/, replacement: source('./packages/overseed/src/testing/index.ts') },
      { find: /^overseed\/astro$/, replacement: source('./packages/overseed/src/astro/index.ts') },
    ],
  },
  test: {
    include: [
      'packages/*/src/**/*.test.ts',
      'scripts/**/*.test.{ts,mjs}',
      'test/**/*.test.ts',
      'examples/**/*.test.ts',
    ],
    exclude: [...configDefaults.exclude, '**/dist/**', '.tools/**'],
    pool: 'forks',
    // One more than there are processors: many tests wait for a server or a clock.
    maxWorkers: 3,
    maxConcurrency: 3,
    globalSetup: ['./test/support/build-packages.ts'],
    // Most tests start a real server or a real command. A net for what hangs, wide enough for a busy machine.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
