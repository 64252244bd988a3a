import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../../provision/cli/index.ts';
import { alertProblems } from '../../rules/index.ts';
import { loadEnvironment } from '../../stack/load.ts';

const root = resolve(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

test('the environment in README.md is one, with what it says about alerts', () => {
  const blocks = [...readme.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = '']) => yaml);
  const { stacks } = loadEnvironment({
    folder: '/watch',
    processEnv: {},
    state: () => '/state',
    readFile: (path) => (path === '/watch/environment.yaml' ? blocks.join('\n') : undefined),
  });
  expect(stacks.flatMap(({ stack }) => alertProblems(stack))).toEqual([]);
  expect(stacks[0]?.stack.backups.map(({ name }) => name)).toEqual(['shop']);
});

test('every command that README.md names exists', () => {
  const named = [...readme.matchAll(/lookout ((?:env |credentials |alerts )?[a-z]+)/g)].map(([, name = '']) => name);
  const groups = new Set(commands.map(({ name }) => name.split(' ')[0]));
  const known = (name: string) =>
    commands.some((command) => command.name === name) || groups.has(name.split(' ')[0] ?? '');
  expect(named.length).toBeGreaterThan(8);
  expect(named.filter((name) => !known(name) && name !== 'keeps' && name !== 'stands')).toEqual([]);
});

test('README.md leads to npm start and npm test, whose scripts exist', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const named = [...readme.matchAll(/npm (?:run ([a-z:]+)|(start|test)\b)/g)].map(([, run, short]) => run ?? short);
  expect(named).toEqual(expect.arrayContaining(['start', 'test', 'build']));
  for (const script of named) expect(Object.keys(scripts)).toContain(script);
});
