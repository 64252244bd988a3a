import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const bench = process.env['LOOKOUT_BENCH'] !== undefined;
const files = (...paths: readonly string[]) => paths.map((path) => `test/cluster/${path}`);

/** What stops a part of the cluster, changes what all of it shares, or measures: nothing else may run beside it. */
const alone = bench
  ? files('**/*.bench.ts')
  : files(
      '{certmanager,preflight}.test.ts',
      'outage/*.test.ts',
      'k8s/{accepted,kube-state-metrics}.test.ts',
      'operator/{accepted,probe}.test.ts',
    );

/** Files that take minutes: begun last, they would run on alone. */
const longest = files(
  'stack/faults.test.ts',
  'stack/living.test.ts',
  'operator/operator.test.ts',
  'stack/replicas.test.ts',
  'backups.test.ts',
);

class LongestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = longest.findIndex((path) => moduleId.endsWith(path));
      return place < 0 ? longest.length : place;
    };
    return (await super.sort(specifications)).toSorted((one, other) => rank(one) - rank(other));
  }
}

/**
 * `npm run test:cluster`: the tests that need a Kubernetes cluster. First those that stay in namespaces of their own, several
 * files at once, for they mostly wait; then the others, one after another. With LOOKOUT_BENCH set what is measured in one instead.
 */
export default defineConfig({
  test: {
    globalSetup: ['test/cluster/setup.ts'],
    pool: 'forks',
    sequence: { sequencer: LongestFirst },
    testTimeout: 180_000,
    hookTimeout: 180_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: bench ? [] : files('**/*.test.ts'),
          exclude: alone,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
      { extends: true, test: { name: 'alone', include: alone, maxWorkers: 1, sequence: { groupOrder: 2 } } },
    ],
  },
});
