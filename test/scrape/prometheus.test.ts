import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { scrapeFiles } from '../../scrape/index.ts';
import { jobs, type Stack } from '../../stack/types.ts';
import { expectGolden } from '../support/golden.ts';
import { generations, run } from '../support/programs.ts';
import { localStack, productionStack } from '../support/stacks.ts';

const prometheusYml = (stack: Stack) =>
  scrapeFiles(stack).find(({ path }) => path === 'prometheus/prometheus.yml')!.content;

describe.each([localStack, productionStack])('prometheus.yml of $name', (stack) => {
  test('is as recorded', () => expectGolden(`scrape/${stack.name}.prometheus.yml`, prometheusYml(stack)));

  test('scrapes the application at its own path with its token from a file', () => {
    const { scrape_configs: scrapes } = parse(prometheusYml(stack));
    expect(scrapes.find(({ job_name }: { job_name: string }) => job_name === 'shop')).toMatchObject({
      metrics_path: '/prometheus',
      authorization: { type: 'Bearer', credentials_file: 'credentials/application-shop-token' },
    });
  });

  test('never asks for a timeout above an interval', () => {
    const { scrape_configs: scrapes, global } = parse(prometheusYml(stack));
    for (const {
      scrape_interval: interval = global.scrape_interval,
      scrape_timeout: limit = global.scrape_timeout,
    } of scrapes)
      expect(Number.parseInt(limit, 10)).toBeLessThanOrEqual(Number.parseInt(interval, 10));
  });
});

describe('a Prometheus or Alertmanager that is there already', () => {
  const { cluster } = productionStack;
  const components = { ...cluster!.components, alertmanager: { kind: 'existing', address: 'a:9093' } as const };
  const elsewhere: Stack = { ...productionStack, cluster: { ...cluster!, components } };

  test('gets none of our credentials', () => {
    const parts = (stack: Stack) => {
      const { alerting, scrape_configs: scrapes } = parse(prometheusYml(stack));
      return [
        alerting.alertmanagers[0],
        scrapes.find(({ job_name: name }: { job_name: string }) => name === jobs.alertmanager),
      ];
    };
    for (const part of parts(elsewhere)) expect(part).not.toHaveProperty('basic_auth');
    for (const part of parts(productionStack)) expect(part).toHaveProperty('basic_auth');
  });
});

describe.each(generations)('promtool ($name)', ({ promtool }) => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'lookout-scrape-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test.each([localStack, productionStack])('accepts the configuration of $name with its credential files', (stack) => {
    for (const { path, content } of scrapeFiles(stack)) write(join(directory, path), content);
    for (const secret of Object.keys(stack.secrets)) write(join(directory, 'prometheus/credentials', secret), 'x');
    expect(run(promtool, ['check', 'config', join(directory, 'prometheus/prometheus.yml')])).toContain('SUCCESS');
  });

  test('notices a credential file that is not there', () => {
    for (const { path, content } of scrapeFiles(localStack)) write(join(directory, path), content);
    expect(() => run(promtool, ['check', 'config', join(directory, 'prometheus/prometheus.yml')])).toThrow(
      /credentials\//,
    );
  });
});

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
