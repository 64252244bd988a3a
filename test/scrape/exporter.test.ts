import { describe, expect, test } from 'vitest';
import type { ExporterConfig } from '../../exporter/config.ts';
import { scrapeFiles } from '../../scrape/index.ts';
import type { Stack } from '../../stack/types.ts';
import { expectGolden } from '../support/golden.ts';
import { localStack, productionStack } from '../support/stacks.ts';

/** The exporter's configuration files, by path. */
const configs = (stack: Stack): Readonly<Record<string, ExporterConfig>> =>
  Object.fromEntries(
    scrapeFiles(stack)
      .filter(({ path }) => path.endsWith('exporter.json'))
      .map(({ path, content }) => [path, JSON.parse(content)]),
  );

describe('exporter.json on one machine', () => {
  test('watches what the stack declares', () => {
    const found = scrapeFiles(localStack).find(({ path }) => path === 'exporter/exporter.json');
    expectGolden('scrape/local.exporter.json', found!.content);
  });

  test('listens on loopback', () => {
    expect(configs(localStack)['exporter/exporter.json']?.listen).toEqual({ host: '127.0.0.1', port: 19303 });
  });
});

describe('exporter.json in a cluster', () => {
  test('listens on every address of its pod, and leaves the node to the pod', () => {
    expect(Object.keys(configs(productionStack))).toEqual(['exporter/node/exporter.json']);
    expect(configs(productionStack)['exporter/node/exporter.json']).toMatchObject({
      listen: { host: '0.0.0.0' },
      node: '',
    });
  });
});
