import { compareSync } from 'bcryptjs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { KubernetesObject, SecretPlan } from '../../k8s/types.ts';
import { ApiError } from '../../provision/cluster/client/errors.ts';
import type { ApiRequest, Cluster } from '../../provision/cluster/client/types.ts';
import { rewrite, secretObjects, storedData } from '../../provision/cluster/credentials/secrets.ts';
import type { SecretReference, Stack } from '../../stack/types.ts';
import { productionStack } from '../support/stacks.ts';

type Data = Readonly<Record<string, string>>;

const plan: SecretPlan = {
  name: 'lookout-credentials',
  namespace: 'shop',
  entries: {
    'scrape-token': { kind: 'value', secret: 'scrape-token' },
    'scrape-tokens': { kind: 'tokens', secret: 'scrape-token' },
    'prometheus-web': { kind: 'web', user: 'lookout', secret: 'prometheus-password' },
    'prometheus-reload': { kind: 'reload', user: 'lookout', secret: 'prometheus-password', address: '127.0.0.1:9090' },
    'smtp-password': { kind: 'value', secret: 'smtp-password' },
  },
};
const secrets: Readonly<Record<string, SecretReference>> = {
  'scrape-token': { kind: 'generate' },
  'prometheus-password': { kind: 'generate' },
  'smtp-password': { kind: 'env', name: 'SMTP_PASSWORD' },
  'slack-webhook': { kind: 'kubernetes', secret: 'slack', key: 'url' },
};
const stack: Stack = { ...productionStack, secrets };
const theirs = { url: 'https://slack.example.com/hook' };
const env = { SMTP_PASSWORD: 'of the mail server' };

/** An API server that knows Secrets only. */
function clusterWith(found: Readonly<Record<string, Data>>): {
  readonly cluster: Cluster;
  readonly stored: Map<string, Data>;
} {
  const stored = new Map(Object.entries(found));
  const send = async ({ method, path, body, subject }: ApiRequest) => {
    const name = path.split('/').at(-1) ?? '';
    if (method === 'PATCH') stored.set(name, decode((body as { data: Data }).data));
    const data = stored.get(name);
    if (data === undefined) throw new ApiError(subject, 404, '');
    return { status: 200, body: { metadata: { name, resourceVersion: '1' }, data: encode(data) }, warnings: [] };
  };
  const resource = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', namespaced: true };
  return { cluster: { send, resource: async () => resource } as Partial<Cluster> as Cluster, stored };
}

const encode = (data: Data) => mapValues(data, (text) => Buffer.from(text).toString('base64'));
const decode = (data: Data) => mapValues(data, (text) => Buffer.from(text, 'base64').toString());
const mapValues = (data: Data, change: (text: string) => string) =>
  Object.fromEntries(Object.entries(data).map(([key, text]) => [key, change(text)]));

async function made(found: Readonly<Record<string, Data>>, more: Partial<Parameters<typeof secretObjects>[0]> = {}) {
  const { cluster } = clusterWith(found);
  const [object] = await secretObjects({ cluster, stack, plans: [plan], env, ...more });
  return decode((object as KubernetesObject & { data: Data }).data);
}

describe('the Secret of a stack', () => {
  test('is made of values that are made up, of the environment and of hashes', async () => {
    const data = await made({ slack: theirs });
    expect(data['scrape-token']).toMatch(/^[\w-]{43}$/);
    expect(data['scrape-tokens']).toBe(data['scrape-token']);
    expect(data['smtp-password']).toBe('of the mail server');
    const password = data['prometheus-password'] ?? '';
    const users = (parse(data['prometheus-web'] ?? '') as { basic_auth_users: Data }).basic_auth_users;
    expect(compareSync(password, users['lookout'] ?? '')).toBe(true);
    expect(data['prometheus-reload']).toBe(`--reload-url=http://lookout:${password}@127.0.0.1:9090/-/reload`);
  });

  test('stays as it is, hashes too, however often it is made', async () => {
    const first = await made({ slack: theirs });
    expect(await made({ slack: theirs, [plan.name]: first })).toEqual(first);
  });

  test('keeps the step of a rotation that was killed', async () => {
    const first = await made({ slack: theirs });
    const half = { ...first, 'scrape-token.next': 'the next' };
    const data = await made({ slack: theirs, [plan.name]: half });
    expect(data['scrape-token.next']).toBe('the next');
    expect(data['scrape-tokens']).toBe(`${first['scrape-token']}\nthe next`);
  });

  test('gets what was changed in the environment, and only that', async () => {
    const first = await made({ slack: theirs });
    const data = await made({ slack: theirs, [plan.name]: first }, { env: { SMTP_PASSWORD: 'another' } });
    expect(data).toEqual({ ...first, 'smtp-password': 'another' });
  });

  test("holds no value of a Secret of the user's", async () => {
    expect(JSON.stringify(await made({ slack: theirs }))).not.toContain(theirs.url);
  });
});

describe('a value that cannot be used is refused by its name, and never quoted', () => {
  const canary = 'canary-value';
  test.each([
    ['a Secret that is not there', {}, env, 'secret slack-webhook is missing: there is no Secret shop/slack'],
    [
      'a key that is not there',
      { slack: { address: canary, other: canary } },
      env,
      'secret slack-webhook is missing: the Secret shop/slack has no key url (it has address, other)',
    ],
    [
      'a line break at its end',
      { slack: { url: `${canary}\n` } },
      env,
      'secret slack-webhook has a line break or another control character in it: key url of the Secret shop/slack',
    ],
    ['an empty value', { slack: { url: ' ' } }, env, 'secret slack-webhook is empty: key url of the Secret shop/slack'],
    [
      'a variable that is not set',
      { slack: theirs },
      {},
      'secret smtp-password is missing: environment variable SMTP_PASSWORD',
    ],
  ])('%s', async (_, found, variables, message) => {
    const refused = made(found as Readonly<Record<string, Data>>, { env: variables });
    await expect(refused).rejects.toThrow(message);
    await expect(refused).rejects.not.toThrow(canary);
  });

  test('all of them at once', async () => {
    await expect(made({}, { env: {} })).rejects.toThrow(/smtp-password[^\n]*\n[^\n]*slack-webhook/);
  });
});

describe('one changed value', () => {
  test('is written wherever something is made of it, and nothing else changes', async () => {
    const first = await made({ slack: theirs });
    const { cluster } = clusterWith({ [plan.name]: first });
    const ground = { cluster, plans: [plan] };
    await rewrite(ground, 'scrape-token', { current: 'new', previous: first['scrape-token'] });
    const old = first['scrape-token'];
    const half = { ...first, 'scrape-token': 'new', 'scrape-token.previous': old, 'scrape-tokens': `${old}\nnew` };
    expect(await storedData(ground)).toEqual(half);
    await rewrite(ground, 'scrape-token', { current: 'new' });
    expect(await storedData(ground)).toEqual({ ...first, 'scrape-token': 'new', 'scrape-tokens': 'new' });
  });
});
