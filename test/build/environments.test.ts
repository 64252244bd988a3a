import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildOutputs } from '../../provision/build/outputs.ts';
import { openWhole } from '../../provision/own/open.ts';
import { environmentNames } from '../../stack/open.ts';
import { expectGolden } from '../support/golden.ts';
import { generations, run } from '../support/programs.ts';

const root = resolve(import.meta.dirname, '../..');

function open(name: string) {
  const example = join(root, 'environments', name, '.env.example');
  return openWhole({
    name,
    root,
    cwd: root,
    env: {},
    envFile: existsSync(example) ? example : undefined,
    state: (stack) => `/state/${stack}`,
  });
}

const environments = await Promise.all(environmentNames(root).map(open));
const stacks = environments
  .flatMap((environment) => environment.stacks)
  .map((opened) => ({ ...opened, name: opened.stack.name }));

test('every environment below environments/ resolves, with alerts that exist', () => {
  expect(stacks.map(({ name }) => name)).toContain('local');
  expect(stacks.length).toBeGreaterThan(6);
});

describe('the outputs of the environment local', () => {
  const local = stacks.find(({ name }) => name === 'local')!;
  const outputs = buildOutputs(local.stack, local.own);

  test('are exactly the golden files', () => {
    expectGolden('build/local/FILES', `${outputs.map(({ path }) => path).join('\n')}\n`);
  });

  test.each(outputs)('$path is as recorded', ({ path, content }) => expectGolden(`build/local/${path}`, content));
});

describe.each(stacks)('the outputs of $name', ({ stack, own }) => {
  test('are the same bytes when built again', () => {
    expect(buildOutputs(structuredClone(stack), own)).toEqual(buildOutputs(stack, own));
  });

  test('hold no path twice and end each file with a line end', () => {
    const outputs = buildOutputs(stack, own);
    expect(new Set(outputs.map(({ path }) => path)).size).toBe(outputs.length);
    for (const { path, content } of outputs) expect(content.endsWith('\n'), path).toBe(true);
  });
});

/** A rendering is for one generation: what is made for a newer one uses what an older one does not know. */
describe.each(generations)('promtool and amtool ($name)', ({ name, promtool, amtool }) => {
  const ofThisGeneration = stacks.filter(
    ({ stack: { alertmanager } }) => alertmanager.features.templateTime === (name === 'newer'),
  );

  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'lookout-build-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  test.each(ofThisGeneration)('accept the outputs of $name', ({ stack, own }) => {
    for (const { path, content } of buildOutputs(stack, own)) write(path, content);
    for (const secret of Object.keys(stack.secrets)) write(`prometheus/credentials/${secret}`, 'https://example.com');
    expect(run(promtool, ['check', 'config', join(directory, 'prometheus/prometheus.yml')])).toContain('SUCCESS');
    expect(run(amtool, ['check-config', join(directory, 'alertmanager/alertmanager.yml')])).toContain('SUCCESS');
  });

  function write(path: string, content: string): void {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
});
