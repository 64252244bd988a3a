import { chmodSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compareSync, hashSync } from 'bcryptjs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { buildOutputs } from '../../provision/build/outputs.ts';
import { materialise, referredSecrets } from '../../provision/credentials/materialise.ts';
import { webConfig } from '../../provision/credentials/web.ts';
import { temporaryDirectory } from '../local/support.ts';
import { localStack, productionStack } from '../support/stacks.ts';

const values = new Map([
  ['scrape-token', 'value-of-scrape'],
  ['smtp-password', 'value-of-smtp'],
]);
const file = (path: string, content: string) => ({ path, content });

test('each component gets exactly the secrets that its files refer to, in private files beside them', () => {
  using directory = temporaryDirectory();
  const files = [
    file('exporter/exporter.json', '{"tokenFile": "credentials/scrape-token"}'),
    file('alertmanager/alertmanager.yml', 'auth_password_file: credentials/smtp-password'),
    file('grafana/datasource.yaml', 'nothing'),
  ];
  materialise(directory.path, files, values);
  const folder = (component: string) => join(directory.path, component, 'credentials');
  expect(readdirSync(folder('exporter'))).toEqual(['scrape-token']);
  expect(readFileSync(join(folder('alertmanager'), 'smtp-password'), 'utf8')).toBe('value-of-smtp');
  expect(statSync(join(folder('exporter'), 'scrape-token')).mode & 0o777).toBe(0o600);
  expect(statSync(folder('exporter')).mode & 0o777).toBe(0o700);
  expect(existsSync(folder('grafana'))).toBe(false);
});

test('a file that is right is not touched, a changed value is replaced, and what is no longer referred to goes', () => {
  using directory = temporaryDirectory();
  const config = file('exporter/exporter.json', 'credentials/scrape-token credentials/smtp-password');
  const path = join(directory.path, 'exporter', 'credentials', 'scrape-token');
  materialise(directory.path, [config], values);
  const { ino } = statSync(path);
  chmodSync(path, 0o644);
  materialise(directory.path, [config], values);
  expect(statSync(path)).toMatchObject({ ino });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  materialise(
    directory.path,
    [file('exporter/exporter.json', 'credentials/scrape-token')],
    new Map([['scrape-token', 'new']]),
  );
  expect(readdirSync(join(directory.path, 'exporter', 'credentials'))).toEqual(['scrape-token']);
  expect(readFileSync(path, 'utf8')).toBe('new');
});

test('a component that no longer exists keeps no secret', () => {
  using directory = temporaryDirectory();
  materialise(directory.path, [file('app/app.json', 'credentials/scrape-token')], values);
  materialise(directory.path, [file('exporter/exporter.json', '{}')], values);
  expect(existsSync(join(directory.path, 'app', 'credentials'))).toBe(false);
});

test('a reference to a secret that the stack does not declare is an error, not a missing file', () => {
  using directory = temporaryDirectory();
  expect(() => materialise(directory.path, [file('exporter/x', 'credentials/unheard-of')], values)).toThrow(
    'exporter refers to the secret unheard-of, which the stack does not declare',
  );
});

test.each([localStack, productionStack])('the outputs of $name refer to declared secrets only', (stack) => {
  const declared = new Set([...Object.keys(stack.secrets), stack.alertmanager.email?.password]);
  const referred = [...referredSecrets(buildOutputs(stack)).values()].flatMap((names) => [...names]);
  expect(referred.length).toBeGreaterThan(3);
  expect(referred.filter((name) => !declared.has(name))).toEqual([]);
});

test('the password stands hashed in the web configuration, and the hash is kept while it fits', async () => {
  const first = await webConfig('lookout', 'password', undefined);
  const hash = (text: string) => (parse(text) as { basic_auth_users: { lookout: string } }).basic_auth_users.lookout;
  expect(compareSync('password', hash(first))).toBe(true);
  expect(hash(first)).toMatch(/^\$2[aby]\$10\$/);
  expect(first).not.toContain('password');
  expect(await webConfig('lookout', 'password', first)).toBe(first);
  const changed = await webConfig('lookout', 'another', first);
  expect(compareSync('another', hash(changed))).toBe(true);
  expect(await webConfig('other', 'password', first)).not.toContain('lookout');
});

test('a hash of another user or a damaged file is not taken over', async () => {
  const foreign = `basic_auth_users:\n  someone: ${hashSync('password', 4)}\n`;
  for (const current of [foreign, '', 'basic_auth_users: {}\n'])
    expect(
      Object.keys((parse(await webConfig('lookout', 'p', current)) as { basic_auth_users: object }).basic_auth_users),
    ).toEqual(['lookout']);
});
