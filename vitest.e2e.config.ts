import { defineConfig } from 'vitest/config';

/** The whole local stack, for real: one file after another, so that they do not share the machine's two cores. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts', 'test/exporter/hung-mount.test.ts'],
    pool: 'forks',
    fileParallelism: false,
    sequence: { concurrent: false },
    testTimeout: 180_000,
    hookTimeout: 120_000,
    bail: 1,
  },
});
