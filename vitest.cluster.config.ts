import { defineConfig } from 'vitest/config';

/** `npm run test:cluster`: the tests that need a Kubernetes cluster, one after another. */
export default defineConfig({
  test: {
    include: ['test/cluster/**/*.test.ts'],
    globalSetup: ['test/cluster/setup.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
