import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { writeFileAtomic } from '../../../common/files.ts';
import type { SecretPlan } from '../../../k8s/types.ts';
import type { Data } from '../../../provision/cluster/credentials/stored.ts';
import { openSecretFile, secretFiles } from '../../../provision/files/secret-files.ts';
import { sopsProgram } from '../../../provision/files/sops.ts';
import { fileStore } from '../../../provision/files/store.ts';
import { isInstalled, run } from '../../support/programs.ts';
import { productionStack } from '../../support/stacks.ts';

const temporary = mkdtempSync(join(tmpdir(), 'lookout-store-'));
afterAll(() => rmSync(temporary, { recursive: true }));

const stack = {
  ...productionStack,
  secrets: { 'scrape-token': { kind: 'generate' }, other: { kind: 'generate' } },
} as const;
const plan: SecretPlan = {
  name: 'lookout-credentials',
  namespace: 'shop',
  entries: {
    'scrape-token': { kind: 'value', secret: 'scrape-token' },
    'scrape-tokens': { kind: 'tokens', secret: 'scrape-token' },
    other: { kind: 'value', secret: 'other' },
  },
};

/** A directory with the file of the Secret, and others who apply it when the store has slept so often. */
async function directoryOf(
  name: string,
  recipients: readonly string[] | null,
  env: NodeJS.ProcessEnv = {},
  applyAfter: number | null = 2,
) {
  const sops = sopsProgram({ PATH: process.env['PATH'], ...env });
  const directory = join(temporary, name);
  const [file] = await secretFiles({ stack, plans: [plan], directory, env: {}, recipients, sops });
  const path = join(directory, file!.path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomic(path, file!.content, 0o600);
  const read = () => openSecretFile(readFileSync(path, 'utf8'), path, sops);
  let applied: Data | undefined = await read();
  let sleeps = 0;
  const told: string[] = [];
  const store = fileStore({
    plans: [plan],
    directory,
    sops,
    live: async () => applied,
    tell: (line) => told.push(line.replaceAll(path, '<file>')),
    sleep: async () => {
      if (applyAfter === null) throw new Error('stopped');
      sleeps += 1;
      if (sleeps % applyAfter === 0) applied = await read();
    },
  });
  return {
    store,
    path,
    told,
    read,
    applied: () => applied,
    lose: () => {
      applied = undefined;
    },
  };
}

const waits =
  '<file> holds what the cluster does not have yet: commit it and let it be applied; waiting (Ctrl-C: the same command goes on from here)';
const has = 'the cluster has what <file> holds';

describe('Secrets that others apply', () => {
  test('a value is written with its neighbours and what is made of it, and is waited for until the cluster has it', async () => {
    const { store, told, applied, path } = await directoryOf('plain', null);
    const before = await store.data();
    expect(told).toEqual([]);
    await store.write('scrape-token', { current: 'old', next: 'new' });
    expect(told).toEqual([waits, has]);
    expect(applied()).toEqual({
      'scrape-token': 'old',
      'scrape-token.next': 'new',
      'scrape-tokens': 'old\nnew',
      other: before['other'],
    });
    await store.write('scrape-token', { current: 'new' });
    expect(await store.data()).toEqual({ 'scrape-token': 'new', 'scrape-tokens': 'new', other: before['other'] });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('what an earlier run wrote is waited for before anything else', async () => {
    const { store, told, lose } = await directoryOf('again', null);
    lose();
    await store.data();
    expect(told).toEqual([waits, has]);
  });

  test('a file that is not there is named with the command that makes it', async () => {
    const { store, path } = await directoryOf('missing', null);
    rmSync(path);
    await expect(store.data()).rejects.toThrow(`${path} is not there: "lookout credentials write" makes it`);
  });

  test('whoever stops the wait leaves the written file', async () => {
    const { store, read } = await directoryOf('stopped', null, {}, null);
    await expect(store.write('scrape-token', { current: 'old', next: 'new' })).rejects.toThrow('stopped');
    expect(await read()).toMatchObject({ 'scrape-token.next': 'new' });
  });

  test.skipIf(!isInstalled('sops'))('an encrypted file stays encrypted, for the same recipients', async () => {
    const key = join(temporary, 'age.key');
    run('age-keygen', ['-o', key]);
    const recipient = run('age-keygen', ['-y', key]).trim();
    const { store, path, applied } = await directoryOf('encrypted', [recipient], { SOPS_AGE_KEY_FILE: key });
    await store.write('scrape-token', { current: 'canary-old', next: 'canary-new' });
    const content = readFileSync(path, 'utf8');
    expect(content).not.toContain(Buffer.from('canary-new').toString('base64'));
    expect(parse(content).sops.age.map((each: { recipient: string }) => each.recipient)).toEqual([recipient]);
    expect(applied()).toMatchObject({ 'scrape-tokens': 'canary-old\ncanary-new' });
  });
});
