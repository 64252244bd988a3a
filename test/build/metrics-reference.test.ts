import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { families } from '../../exporter/metrics/index.ts';
import { metricsReference } from '../../provision/build/metrics-reference.ts';
import { expectFile } from '../support/golden.ts';

const path = resolve(import.meta.dirname, '../../docs/metrics.md');

test('docs/metrics.md is what the families say', () => expectFile(path, metricsReference()));

test('it has one row for each family, with everything that a reader of a dashboard asks', () => {
  const rows = metricsReference()
    .split('\n')
    .filter((line) => line.startsWith('| `lookout_'));
  expect(rows.map((row) => row.split('`')[1])).toEqual(families.map(({ name }) => name));
  expect(rows).toContain(
    '| `lookout_backup_last_size_bytes` | gauge | bytes | `backup` | Size of the newest complete artifact. | stable |',
  );
  expect(rows).toContainEqual(
    expect.stringContaining('_errors_total` | counter |  | `collector`, `source`, `reason` |'),
  );
});
