import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { podAccess } from '../../../exporter/kubernetes/access.ts';
import { type ApiClient, apiClient } from '../../../exporter/kubernetes/client.ts';
import { problemOf } from '../../../exporter/model/failure.ts';
import { temporaryFolder } from '../support/folder.ts';
import { type FakeThingsApi, startApi } from './following.ts';

const path = '/api/v1/namespaces/shop/things/one';

describe('a client of the Kubernetes API', () => {
  test('reads an object', async () => {
    const { api, client } = await connected();
    api.put('one', 'first');
    expect(await get(client)).toMatchObject({ value: 'first' });
  });

  test('takes the token anew for every request, as kubelet renews it', async () => {
    const { api, client } = await connected();
    api.put('one', 'first');
    await get(client);
    api.token = 'second-token';
    await get(client);
    expect(api.requests.map(({ token }) => token)).toEqual(['Bearer first-token', 'Bearer second-token']);
  });

  test.each([
    { code: 401, reason: 'unauthorized' },
    { code: 403, reason: 'permission_denied' },
    { code: 404, reason: 'not_found' },
    { code: 429, reason: 'rate_limited' },
    { code: 500, reason: 'server_error' },
  ])('tells a refusal with $code as $reason, in the words of the server', async ({ code, reason }) => {
    const { api, client } = await connected();
    api.fail('object', { kind: 'status', code, body: `user "system:serviceaccount:a:b" cannot get resource "things"` });
    const message = `GET ${path}: ${code} user "system:serviceaccount:a:b" cannot get resource "things"`;
    expect(await problem(client)).toEqual({ reason, message });
  });

  test('does not quote an answer that is not JSON: it may be a Secret', async () => {
    const { api, client } = await connected();
    api.fail('object', { kind: 'line', text: '{"tls.key": "c2VjcmV0' });
    expect(await problem(client)).toEqual({
      reason: 'bad_answer',
      message: `GET ${path}: the answer is not JSON (22 characters)`,
    });
  });

  test('gives up on a server that accepts and never answers', async () => {
    const { api, client } = await connected();
    api.fail('object', { kind: 'silence' });
    expect(await problem(client)).toEqual({ reason: 'timeout', message: `GET ${path}: nothing heard for 0.3 s` });
  });

  test('asks again when a kept connection was closed just as it was used', async () => {
    const { api, client } = await connected();
    api.put('one', 'first');
    await get(client);
    api.fail('object', { kind: 'reset' });
    expect(await get(client)).toMatchObject({ value: 'first' });
  });

  test('tells of a connection that breaks when it is new', async () => {
    const { api, client } = await connected();
    api.fail('object', { kind: 'reset' });
    expect((await problem(client)).reason).toBe('connection_reset');
  });

  test('tells of a server that is not there', async () => {
    const { api, client } = await connected();
    await api.stop();
    expect((await problem(client)).reason).toBe('connection_refused');
  });

  test('refuses a server whose certificate is of another authority', async () => {
    const { api } = await connected();
    const { access: other } = await startApi();
    const client = closing(apiClient({ ...api.access, authority: other.authority }, options));
    expect(await problem(client)).toEqual({
      reason: 'handshake_failed',
      message: expect.stringContaining(`GET ${path}: `),
    });
  });

  test('watches as many things at once as there are', async () => {
    const { api, client } = await connected();
    const stop = new AbortController();
    const opened = Array.from({ length: 40 }, () => openWatch(client, stop.signal));
    await Promise.all(opened.map((watch) => watch.opened));
    api.put('one', 'first');
    expect(await get(client)).toMatchObject({ value: 'first' });
    stop.abort();
    await Promise.allSettled(opened.map((watch) => watch.ended));
  });
});

describe('the access of a pod', () => {
  const env = { KUBERNETES_SERVICE_HOST: '10.96.0.1', KUBERNETES_SERVICE_PORT: '443' };

  test('is its service account, read anew whenever it is used', () => {
    const folder = temporaryFolder();
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'ca.crt'), 'authority');
    writeFileSync(join(folder, 'token'), 'first\n');
    const access = podAccess(env, folder);
    expect(access).toMatchObject({ server: 'https://10.96.0.1:443' });
    expect(access?.authority()).toBe('authority');
    writeFileSync(join(folder, 'token'), 'second\n');
    expect(access?.token()).toBe('second');
  });

  test('writes an address of version 6 in brackets', () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'token'), 'first');
    expect(podAccess({ ...env, KUBERNETES_SERVICE_HOST: 'fd00::1' }, folder)?.server).toBe('https://[fd00::1]:443');
  });

  test('is none outside of a pod and in a pod without a token', () => {
    const folder = temporaryFolder();
    expect(podAccess(env, folder)).toBeUndefined();
    writeFileSync(join(folder, 'token'), 'first');
    expect(podAccess({}, folder)).toBeUndefined();
  });
});

const options = { userAgent: 'lookout-test', patience: 0.3 };

async function connected(): Promise<{ api: FakeThingsApi; client: ApiClient }> {
  const api = await startApi();
  return { api, client: closing(apiClient(api.access, options)) };
}

function closing(client: ApiClient): ApiClient {
  onTestFinished(client.close);
  return client;
}

async function get(client: ApiClient): Promise<unknown> {
  return await client.get(path, new AbortController().signal);
}

async function problem(client: ApiClient) {
  return await get(client).then(
    () => expect.fail('it was answered'),
    (error) => problemOf(error, 'follow'),
  );
}

function openWatch(client: ApiClient, signal: AbortSignal) {
  const { promise: opened, resolve } = Promise.withResolvers<void>();
  const options = { signal, begin: 10, silence: 10, opened: async () => resolve(), line: () => {} };
  return { opened, ended: client.stream('/api/v1/namespaces/shop/things?watch=true&timeoutSeconds=10', options) };
}
