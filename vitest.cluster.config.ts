import { defineConfig } from 'vitest/config';

/**
 * `npm run test:cluster`: the tests that need a Kubernetes cluster, one after another; with LOOKOUT_BENCH=1 what is measured in
 * one instead.
 */
export default defineConfig({
  test: {
    include: [`test/cluster/**/*.${process.env['LOOKOUT_BENCH'] === undefined ? 'test' : 'bench'}.ts`],
    globalSetup: ['test/cluster/setup.ts'],
    pool: 'forks',
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
