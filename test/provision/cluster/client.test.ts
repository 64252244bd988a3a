import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openCluster } from '../../../provision/cluster/client/cluster.ts';
import { ApiError } from '../../../provision/cluster/client/errors.ts';
import { contextNames } from '../../../provision/cluster/client/kubeconfig.ts';
import { applyObject, read } from '../../../provision/cluster/client/objects.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, count: number) => void;

const kinds: Answer = (_request, response) =>
  json(response, 200, {
    resources: [
      { name: 'configmaps', kind: 'ConfigMap', namespaced: true },
      { name: 'secrets', kind: 'Secret', namespaced: true },
    ],
  });

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string | string[]> = {},
) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** An API server of which only the answers to requests for objects are of interest. */
async function apiServer(answer: Answer) {
  let count = 0;
  const server = createServer((request, response) =>
    request.url === '/api/v1' ? kinds(request, response, 0) : answer(request, response, ++count),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function kubeconfig(server: string, user: object = { token: 'the-token' }): string {
  const folder = mkdtempSync(join(tmpdir(), 'lookout-kubeconfig-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'config');
  const config = {
    clusters: [{ name: 'there', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'me', user }],
    contexts: ['shop', 'staging'].map((name) => ({ name, context: { cluster: 'there', user: 'me' } })),
    'current-context': 'staging',
  };
  writeFileSync(file, JSON.stringify(config));
  return file;
}

async function clusterOf(answer: Answer, lines: string[] = [], user: object = { token: 'the-token' }) {
  const server = await apiServer(answer);
  const cluster = openCluster({
    context: 'shop',
    env: { KUBECONFIG: kubeconfig(server, user) },
    now: Date.now,
    signal: new AbortController().signal,
    report: (line) => lines.push(line),
  });
  onTestFinished(() => cluster.close());
  return cluster;
}

const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings', namespace: 'shop' } };
const secret = { ...map, kind: 'Secret', data: { password: 'c2VjcmV0' } };

test('a context that does not exist is refused with those that do', () => {
  const KUBECONFIG = kubeconfig('https://127.0.0.1:1');
  const open = () =>
    openCluster({ context: 'prod', env: { KUBECONFIG }, now: Date.now, signal: AbortSignal.abort(), report: () => {} });
  expect(open).toThrow(`${KUBECONFIG} has no context prod: there are shop, staging`);
  expect(contextNames({ KUBECONFIG })).toEqual(['shop', 'staging']);
});

test('a kubeconfig that is not there is named', () => {
  expect(() => contextNames({ HOME: '/nowhere' })).toThrow('there is no kubeconfig at /nowhere/.kube/config');
});

test('an apply names the field manager, asks for strict validation and sends the token', async () => {
  const seen: (string | undefined)[] = [];
  const cluster = await clusterOf((request, response) => {
    seen.push(request.method, request.url, request.headers['content-type'], request.headers.authorization);
    json(response, 200, map, { warning: ['299 - "old \\"kind\\""', '299 - "second"'] });
  });
  const { warnings } = await applyObject(cluster, map, { dryRun: true });
  expect(seen).toEqual([
    'PATCH',
    '/api/v1/namespaces/shop/configmaps/settings?fieldManager=lookout&fieldValidation=Strict&dryRun=All',
    'application/apply-patch+yaml',
    'Bearer the-token',
  ]);
  expect(warnings).toEqual(['old "kind"', 'second']);
});

/** The Authorization header of a request of such a user. */
async function authorizationOf(user: object): Promise<string | undefined> {
  let seen: string | undefined;
  const cluster = await clusterOf(
    (request, response) => {
      seen = request.headers.authorization;
      json(response, 200, map);
    },
    [],
    user,
  );
  await read(cluster, { ...map, name: 'settings', namespace: 'shop' });
  return seen;
}

test('tokens, tokens in files, passwords and plugins of a kubeconfig convince the API server', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lookout-token-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'token-of-a-file\n');
  const apiVersion = 'client.authentication.k8s.io/v1';
  const credential = { apiVersion, kind: 'ExecCredential', status: { token: 'token-of-a-plugin' } };
  const script = `console.log(${JSON.stringify(JSON.stringify(credential))})`;
  const exec = { apiVersion, command: process.execPath, args: ['-e', script] };
  expect(await authorizationOf({ token: 'one' })).toBe('Bearer one');
  expect(await authorizationOf({ tokenFile })).toBe('Bearer token-of-a-file');
  expect(await authorizationOf({ username: 'ann', password: 'x' })).toBe(`Basic ${btoa('ann:x')}`);
  expect(await authorizationOf({ exec })).toBe('Bearer token-of-a-plugin');
});

test('a plugin that fails and a file that is missing are named with their context', async () => {
  const failing = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: '/nowhere/plugin' } };
  await expect(authorizationOf(failing)).rejects.toThrow('could not get the credentials of context shop');
  await expect(authorizationOf({ tokenFile: '/nowhere/token' })).rejects.toThrow(
    'could not get the credentials of context shop',
  );
});

test('a token that changed is read again, also when many requests are refused at once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lookout-token-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const tokenFile = join(folder, 'token');
  writeFileSync(tokenFile, 'old');
  let accepted = 'old';
  const answer: Answer = (request, response) => {
    const known = request.headers.authorization === `Bearer ${accepted}`;
    setTimeout(
      () => json(response, known ? 200 : 401, known ? map : { kind: 'Status', reason: 'Unauthorized' }),
      Math.random() * 20,
    );
  };
  const cluster = await clusterOf(answer, [], { tokenFile });
  const readMany = () =>
    Promise.all(Array.from({ length: 16 }, () => read(cluster, { ...map, name: 'settings', namespace: 'shop' })));
  await readMany();
  accepted = 'new';
  writeFileSync(tokenFile, 'new');
  expect(await readMany()).toEqual(Array(16).fill(map));
  accepted = 'newer';
  await expect(readMany()).rejects.toThrow('401 Unauthorized');
});

test('too many requests, not ready and cut connections are tried again', async () => {
  const cluster = await clusterOf((request, response, count) => {
    if (count === 1) json(response, 429, {}, { 'retry-after': '0' });
    else if (count === 2) json(response, 503, {});
    else if (count === 3) request.socket.destroy();
    else json(response, 200, map);
  });
  expect(await read(cluster, { ...map, name: 'settings', namespace: 'shop' })).toEqual(map);
});

test('an outage is told once, and its end', async () => {
  const lines: string[] = [];
  const cluster = await clusterOf((request, response, count) => {
    if (count === 1 || count === 2) request.socket.destroy();
    else json(response, 200, map);
  }, lines);
  await read(cluster, { ...map, name: 'settings', namespace: 'shop' });
  expect(lines).toEqual([
    expect.stringMatching(/^the API server at http:.* is away \(.*\); trying again$/),
    'the API server is back',
  ]);
});

test('an object that is not there is no error, nor is one of a kind that is not served', async () => {
  const cluster = await clusterOf((_request, response) => json(response, 404, { kind: 'Status', reason: 'NotFound' }));
  expect(await read(cluster, { ...map, name: 'settings', namespace: 'shop' })).toBeUndefined();
  expect(await read(cluster, { apiVersion: 'v1', kind: 'Odd', name: 'x' })).toBeUndefined();
});

const forbidden =
  'configmaps "settings" is forbidden: User "system:serviceaccount:shop:me" cannot patch resource "configmaps" in API group "" in the namespace "shop"';

test('a missing right is told with its verb, its resource and its namespace', async () => {
  const cluster = await clusterOf((_request, response) =>
    json(response, 403, { kind: 'Status', reason: 'Forbidden', message: forbidden }),
  );
  await expect(applyObject(cluster, map)).rejects.toThrow(
    'could not patch configmaps shop/settings: RBAC gives no right to patch configmaps in namespace shop',
  );
});

test('what the API server says of a Secret is not told, only where', async () => {
  const status = {
    kind: 'Status',
    reason: 'Invalid',
    message: 'Secret "settings" is invalid: data[password]: Invalid value: "secret"',
    details: { causes: [{ reason: 'FieldValueInvalid', field: 'data[password]', message: 'Invalid value: "secret"' }] },
  };
  const cluster = await clusterOf((_request, response) => json(response, 422, status));
  const error = await applyObject(cluster, secret).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ApiError);
  const { message, causes } = error as ApiError;
  expect(message).toContain('could not patch secrets shop/settings: 422 Invalid at data[password]');
  expect(JSON.stringify({ message, causes })).not.toContain('"secret');
});

test('a server that never answers is named with its address', async () => {
  await expect(
    openCluster({
      context: 'shop',
      env: { KUBECONFIG: kubeconfig('https://127.0.0.1:1') },
      now: seconds(),
      signal: new AbortController().signal,
      report: () => {},
    }).resource({ apiVersion: 'v1', kind: 'Pod' }),
  ).rejects.toThrow('could not reach the API server at https://127.0.0.1:1');
});

/** A clock that is a second later at each look. */
function seconds() {
  let time = 0;
  return () => (time += 1000);
}
