import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { requireKnownAlerts } from '../../provision/build/build.ts';
import { buildOutputs } from '../../provision/build/outputs.ts';
import { environmentNames, openEnvironment } from '../../stack/open.ts';
import type { Stack } from '../../stack/types.ts';
import { expectGolden } from '../support/golden.ts';
import { generations, run } from '../support/programs.ts';

const root = resolve(import.meta.dirname, '../..');

function open(name: string) {
  const example = join(root, 'environments', name, '.env.example');
  return openEnvironment({
    name,
    root,
    cwd: root,
    env: {},
    envFile: existsSync(example) ? example : undefined,
    state: (stack) => `/state/${stack}`,
  });
}

const stacks: readonly Stack[] = environmentNames(root).flatMap((name) => open(name).stacks.map(({ stack }) => stack));

test('every environment below environments/ resolves, with alerts that exist', () => {
  expect(stacks.map(({ name }) => name)).toContain('local');
  expect(stacks.length).toBeGreaterThan(6);
  for (const name of environmentNames(root)) requireKnownAlerts(open(name).stacks);
});

describe('the outputs of the environment local', () => {
  const [local] = open('local').stacks;
  const outputs = buildOutputs(local!.stack);

  test('are exactly the golden files', () => {
    expectGolden('build/local/FILES', `${outputs.map(({ path }) => path).join('\n')}\n`);
  });

  test.each(outputs)('$path is as recorded', ({ path, content }) => expectGolden(`build/local/${path}`, content));
});

describe.each(stacks)('the outputs of $name', (stack) => {
  test('are the same bytes when built again', () => {
    expect(buildOutputs(structuredClone(stack))).toEqual(buildOutputs(stack));
  });

  test('hold no path twice and end each file with a line end', () => {
    const outputs = buildOutputs(stack);
    expect(new Set(outputs.map(({ path }) => path)).size).toBe(outputs.length);
    for (const { path, content } of outputs) expect(content.endsWith('\n'), path).toBe(true);
  });
});

/** A rendering is for one generation: what is made for a newer one uses what an older one does not know. */
describe.each(generations)('promtool and amtool ($name)', ({ name, promtool, amtool }) => {
  const ofThisGeneration = stacks.filter(
    ({ alertmanager }) => alertmanager.features.templateTime === (name === 'newer'),
  );

  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'lookout-build-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test.each(ofThisGeneration)('accept the outputs of $name', (stack) => {
    for (const { path, content } of buildOutputs(stack)) write(path, content);
    for (const secret of Object.keys(stack.secrets)) write(`prometheus/credentials/${secret}`, 'https://example.com');
    expect(run(promtool, ['check', 'config', join(directory, 'prometheus/prometheus.yml')])).toContain('SUCCESS');
    expect(run(amtool, ['check-config', join(directory, 'alertmanager/alertmanager.yml')])).toContain('SUCCESS');
  });

  function write(path: string, content: string): void {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
});
