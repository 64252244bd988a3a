import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Suite, suiteFiles } from '../../rules/suites.ts';
import type { Labels } from '../../rules/types.ts';
import type { Stack } from '../../stack/types.ts';
import { run } from '../support/programs.ts';

export function selector(name: string, labels: Labels): string {
  return `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(',')}}`;
}

/** What promtool says of the suites, all in one run; empty when everything passes. The process tells the time in UTC. */
export function testRules(promtool: string, stack: Stack, suites: readonly Suite[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'lookout-rules-'));
  try {
    const files = suites.map((suite, index) => writeSuite(directory, `${index}`, stack, suite));
    run('env', ['TZ=UTC', promtool, 'test', 'rules', ...files]);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

function writeSuite(directory: string, name: string, stack: Stack, suite: Suite): string {
  for (const { path, content } of suiteFiles(stack, name, suite)) writeFileSync(join(directory, path), content);
  return join(directory, `${name}.test.yml`);
}

/** Names of the alerts, or expressions of the queries, whose tests failed. */
export function failures(output: string): ReadonlySet<string> {
  return new Set([
    ...[...output.matchAll(/alertname: ?(\S+), time:/g)].map(([, name]) => name ?? ''),
    ...[...output.matchAll(/expr: "((?:[^"\\]|\\.)*)", time:/g)].map(([, expr]) => JSON.parse(`"${expr}"`) as string),
  ]);
}

/** The annotations of alerts that fired where promtool expected none, by alert name, in the order of its report. */
export function firedInstead(output: string): readonly { readonly alert: string; readonly annotations: Labels }[] {
  return [...output.matchAll(/Labels:\{(.*)\}\n\s+Annotations:\{(.*)\}\n/g)].map(
    ([, labels = '', annotations = '']) => ({
      alert: labelsOf(labels)['alertname'] ?? '',
      annotations: labelsOf(annotations),
    }),
  );
}

/** Labels as Prometheus prints them: `name="value", ...` with Go's quoting. */
function labelsOf(text: string): Labels {
  const pairs = text.matchAll(/(\w+)=("(?:[^"\\]|\\.)*")/g);
  return Object.fromEntries([...pairs].map(([, name, quoted]) => [name, JSON.parse(quoted ?? '""') as string]));
}
