import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { environmentJsonSchema } from '../../stack/json-schema.ts';
import { environmentNames } from '../../stack/open.ts';
import { expectFile } from '../support/golden.ts';

const root = resolve(import.meta.dirname, '../..');

test('environments/schema.json is what the schema says', () => {
  expectFile(join(root, 'environments/schema.json'), environmentJsonSchema());
});

const editor = z.fromJSONSchema(JSON.parse(environmentJsonSchema()) as Parameters<typeof z.fromJSONSchema>[0]);

test.each(environmentNames(root))('an editor finds nothing wrong in %s, and its schema beside it', (name) => {
  const text = readFileSync(join(root, 'environments', name, 'environment.yaml'), 'utf8');
  expect(editor.safeParse(parse(text)).error?.issues ?? []).toEqual([]);
  expect(text.split('\n')[0]).toBe('# yaml-language-server: $schema=../schema.json');
});

test.each([
  ['an unknown key', { platform: 'local', backup: [] }],
  ['an unknown key of an instance', { platform: 'local', instances: [{ name: 'prod', backup: [] }] }],
  ['a word for a number', { platform: 'local', pace: 'fast' }],
  ['a literal secret', { platform: 'local', alertmanager: { heartbeat: 'https://example.com' } }],
  ['a missing platform', { namespace: 'shop' }],
])('an editor marks %s', (_title, environment) => {
  expect(editor.safeParse(environment).success).toBe(false);
});

test.each([
  ['a variable for a number', { platform: 'local', pace: `\${PACE}` }],
  ['a version without quotes', { platform: 'local', prometheus: { version: 3.5 } }],
  [
    'a generated token',
    { platform: 'local', applications: [{ name: 'a', metrics: { address: 'a:1', token: 'generate' } }] },
  ],
])('an editor allows %s', (_title, environment) => {
  expect(editor.safeParse(environment).error?.issues ?? []).toEqual([]);
});
