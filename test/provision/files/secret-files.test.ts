import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { SecretPlan } from '../../../k8s/types.ts';
import { type SecretFileSources, secretFiles } from '../../../provision/files/secret-files.ts';
import { sopsProgram } from '../../../provision/files/sops.ts';
import { isInstalled, run } from '../../support/programs.ts';
import { productionStack } from '../../support/stacks.ts';

const temporary = mkdtempSync(join(tmpdir(), 'lookout-secret-files-'));
afterAll(() => rmSync(temporary, { recursive: true }));

const canary = 'canary-value-of-the-smtp-password';
const stack = {
  ...productionStack,
  secrets: {
    'scrape-token': { kind: 'generate' },
    'prometheus-password': { kind: 'generate' },
    'smtp-password': { kind: 'env', name: 'SMTP_PASSWORD' },
  },
} as const;

const plan: SecretPlan = {
  name: 'lookout-credentials',
  namespace: 'shop',
  entries: {
    'scrape-token': { kind: 'value', secret: 'scrape-token' },
    'smtp-password': { kind: 'value', secret: 'smtp-password' },
    'prometheus-web': { kind: 'web', user: 'lookout', secret: 'prometheus-password' },
  },
};

/** An age identity whose key lies in a file of its own. */
function identity(name: string) {
  const key = join(temporary, `${name}.key`);
  run('age-keygen', ['-o', key]);
  return { key, recipient: run('age-keygen', ['-y', key]).trim() };
}

function sources(directory: string, more: Partial<SecretFileSources> = {}, env: NodeJS.ProcessEnv = {}) {
  const shell = { PATH: process.env['PATH'], ...env };
  return {
    stack,
    plans: [plan],
    directory: join(temporary, directory),
    env: { SMTP_PASSWORD: canary },
    recipients: null,
    sops: sopsProgram(shell),
    ...more,
  };
}

async function write(given: SecretFileSources): Promise<string> {
  const [file] = await secretFiles(given);
  if (file === undefined) throw new Error('no file was written');
  const path = join(given.directory, file.path);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, file.content);
  return file.content;
}

interface Parsed {
  readonly data: Readonly<Record<string, string>>;
  readonly sops?: object;
}

describe('in plain text', () => {
  test('a Secret is written once and kept: made-up values, what is made of them, and values of the machine', async () => {
    const first = await write(sources('plain'));
    const { data } = parse(first) as Parsed;
    expect(Object.keys(data)).toEqual(['prometheus-password', 'prometheus-web', 'scrape-token', 'smtp-password']);
    expect(Buffer.from(data['smtp-password'] ?? '', 'base64').toString()).toBe(canary);
    expect(await write(sources('plain'))).toBe(first);
  });

  test('a key that is added leaves the others as they were', async () => {
    const before = parse(await write(sources('added'))) as Parsed;
    const entries = { ...plan.entries, 'lookout-token': { kind: 'tokens', secret: 'scrape-token' } } as const;
    const after = parse(await write(sources('added', { plans: [{ ...plan, entries }] }))) as Parsed;
    expect(after.data).toEqual({ ...before.data, 'lookout-token': before.data['scrape-token'] });
  });

  test('a missing variable is named, and no file is made', async () => {
    await expect(write(sources('missing', { env: {} }))).rejects.toThrow(
      'secret smtp-password is missing: environment variable SMTP_PASSWORD',
    );
    expect(existsSync(join(temporary, 'missing'))).toBe(false);
  });

  test('a file that is no Secret is refused without a word of it', async () => {
    const given = sources('foreign');
    mkdirSync(join(given.directory, 'secrets'), { recursive: true });
    for (const content of ['password: canary\n', `a: [${canary}`, 'kind: Secret\n']) {
      writeFileSync(join(given.directory, 'secrets/lookout-credentials.yaml'), content);
      const error = await secretFiles(given).catch(String);
      expect(error).toMatch(/lookout-credentials.yaml is no Secret as Lookout writes it/);
      expect(error).not.toContain('canary');
    }
  });

  test('a missing program is named with the place that has it', async () => {
    const given = sources('nowhere', { recipients: ['age1x'], sops: sopsProgram({ PATH: '/nowhere' }) });
    await expect(write(given)).rejects.toThrow(
      'there is no program sops on the PATH; install it from https://getsops.io',
    );
  });
});

describe.skipIf(!isInstalled('sops'))('encrypted by sops for age recipients', () => {
  test('keys stay readable, values do not, and whoever has the key gets them back', async () => {
    const { key, recipient } = identity('reader');
    const content = await write(sources('encrypted', { recipients: [recipient] }));
    expect(Object.keys((parse(content) as Parsed).data)).toHaveLength(4);
    expect(content).not.toContain(Buffer.from(canary).toString('base64'));
    const path = join(temporary, 'encrypted/secrets/lookout-credentials.yaml');
    const shell = { PATH: process.env['PATH'], SOPS_AGE_KEY_FILE: key };
    const { data } = parse(await sopsProgram(shell).decrypt(path)) as Parsed;
    expect(Buffer.from(data['smtp-password'] ?? '', 'base64').toString()).toBe(canary);
  });

  test('a file that is there is kept byte for byte, without the key and without the values', async () => {
    const { recipient } = identity('keeper');
    const first = await write(sources('kept', { recipients: [recipient] }));
    expect(await write(sources('kept', { recipients: [recipient], env: {} }))).toBe(first);
  });

  test('another recipient or another key encrypts anew what was there, with the key of one who may read it', async () => {
    const [old, added] = [identity('old'), identity('new')];
    await write(sources('recipients', { recipients: [old.recipient] }));
    const both = [old.recipient, added.recipient];
    const env = { SOPS_AGE_KEY_FILE: old.key };
    await write(sources('recipients', { recipients: both }, env));
    const read = (key: string) =>
      sopsProgram({ PATH: process.env['PATH'], SOPS_AGE_KEY_FILE: key }).decrypt(
        join(temporary, 'recipients/secrets/lookout-credentials.yaml'),
      );
    expect(await read(added.key)).toBe(await read(old.key));
  });

  test('without the key nothing is made up again', async () => {
    const { recipient } = identity('lost');
    const first = await write(sources('lost', { recipients: [recipient] }));
    const stranger = identity('stranger');
    const given = sources('lost', { recipients: [stranger.recipient] }, { SOPS_AGE_KEY_FILE: stranger.key });
    await expect(write(given)).rejects.toThrow(/could not decrypt .*lookout-credentials.yaml: sops ended with/);
    const again = sources('lost', { recipients: [recipient] });
    expect((await secretFiles(again))[0]?.content).toBe(first);
  });

  test('a wrong recipient is refused without a value', async () => {
    const error = await write(sources('wrong', { recipients: ['age1wrong'] })).catch(String);
    expect(error).toMatch(/could not encrypt .*: sops ended with .*recipient/);
    expect(error).not.toContain('canary');
  });
});

test('a hash that cannot be made from a Secret of the cluster is refused with the way out', async () => {
  const secrets = {
    ...stack.secrets,
    'prometheus-password': { kind: 'kubernetes', secret: 'mine', key: 'p' },
  } as const;
  await expect(write(sources('theirs', { stack: { ...stack, secrets } }))).rejects.toThrow(
    /secret prometheus-password is missing: key p of the Secret mine cannot be read where files are written/,
  );
  expect(stringify(plan)).not.toContain('canary');
});
