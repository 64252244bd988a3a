import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // A file system that hangs is tried alone, with the end-to-end tests.
    exclude: ['test/e2e/**', 'test/cluster/**', 'test/exporter/hung-mount.test.ts', 'node_modules/**'],
    // Most tests wait for real programs rather than compute: as many files at once as the smallest machine has cores.
    maxWorkers: 2,
    setupFiles: ['test/support/seed.ts'],
    pool: 'forks',
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});
