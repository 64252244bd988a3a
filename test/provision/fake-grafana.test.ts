import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { routes } from '../cluster/support/fake-grafana/routes.ts';
import { openFakeGrafana } from '../cluster/support/fake-grafana/server.ts';
import { readSettings } from '../cluster/support/fake-grafana/settings.ts';
import { temporaryFolder } from '../exporter/support/folder.ts';

const dashboard = { uid: 'lookout-backups', title: 'Backups', schemaVersion: 39, panels: [] };

/** A home with provisioning files as a build has them, and a Grafana on it. */
async function start(home = homeWith({ 'backups.json': dashboard }), now = () => 0) {
  const lines: string[] = [];
  const settings = readSettings(
    {
      GF_PATHS_DATA: 'data',
      GF_PATHS_PROVISIONING: 'provisioning',
      GF_SERVER_HTTP_PORT: '0',
      GF_SECURITY_ADMIN_PASSWORD__FILE: join(home, 'credentials/grafana-password'),
    },
    home,
  );
  const grafana = await openFakeGrafana(settings, { log: (line) => void lines.push(line), now });
  onTestFinished(grafana.close);
  const ask = async (path: string, password?: string, options: RequestInit = {}) => {
    const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`;
    const headers = { 'content-type': 'application/json', ...(password === undefined ? {} : { authorization }) };
    const response = await fetch(`http://127.0.0.1:${grafana.port}${path}`, { ...options, headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  return { ask, lines, home, close: grafana.close };
}

function homeWith(dashboards: Readonly<Record<string, object>>, prometheus = 'http://127.0.0.1:1'): string {
  const home = temporaryFolder();
  const write = (path: string, content: string) => {
    mkdirSync(join(home, path, '..'), { recursive: true });
    writeFileSync(join(home, path), content);
  };
  write('credentials/grafana-password', 'first\n');
  write('credentials/prometheus-password', 'secret-of-prometheus');
  write(
    'provisioning/dashboards/lookout.yaml',
    'providers: [{folder: Lookout, folderUid: lookout, options: {path: dashboards}}]',
  );
  write(
    'provisioning/datasources/lookout.yaml',
    `datasources: [{uid: lookout-prometheus, name: Lookout, type: prometheus, access: proxy, url: "${prometheus}", basicAuth: true, basicAuthUser: lookout, secureJsonData: {basicAuthPassword: "$__file{credentials/prometheus-password}"}}]`,
  );
  for (const [name, json] of Object.entries(dashboards)) write(`dashboards/${name}`, JSON.stringify(json));
  return home;
}

test('each route of fake-grafana cites the page of the HTTP API that describes it', () => {
  for (const { source } of routes)
    expect(source).toMatch(/^https:\/\/grafana\.com\/docs\/grafana\/latest\/developers\/http_api\//);
});

test('fake-grafana answers health to everybody and the rest to who logs in', async () => {
  const { ask } = await start();
  expect(await ask('/api/health')).toMatchObject({ status: 200, body: { database: 'ok' } });
  expect((await ask('/api/user')).status).toBe(401);
  expect((await ask('/api/user', 'admin')).status).toBe(401);
  expect(await ask('/api/user', 'first')).toMatchObject({ status: 200, body: { login: 'admin' } });
});

test('fake-grafana shows a dashboard as it is in its file, with an id and a version of its own', async () => {
  const { ask } = await start();
  const { body } = await ask('/api/dashboards/uid/lookout-backups', 'first');
  expect(body).toMatchObject({ dashboard: { ...dashboard, id: 1, version: 1 }, meta: { folderTitle: 'Lookout' } });
  expect((await ask('/api/dashboards/uid/other', 'first')).status).toBe(404);
  expect((await ask('/api/search?query=back', 'first')).body).toMatchObject([{ uid: 'lookout-backups' }]);
});

test('fake-grafana refuses v2 dashboards and uids over 40 characters', async () => {
  const v2 = { apiVersion: 'dashboard.grafana.app/v2beta1', kind: 'Dashboard', metadata: { name: 'x' }, spec: {} };
  const { ask, lines } = await start(homeWith({ 'v2.json': v2, 'long.json': { ...dashboard, uid: 'x'.repeat(41) } }));
  expect((await ask('/api/search', 'first')).body).toEqual([]);
  expect(lines.join('\n')).toContain('v2 dashboard');
  expect(lines.join('\n')).toContain('uid too long, max 40 characters');
});

test('a changed password is kept over restarts, and the one of the environment no longer counts', async () => {
  const { ask, home, close } = await start();
  const change = (oldPassword: string) =>
    ask('/api/user/password', 'first', {
      method: 'PUT',
      body: JSON.stringify({ oldPassword, newPassword: 'second', confirmNew: 'second' }),
    });
  expect(await change('wrong')).toMatchObject({ status: 401, body: { message: 'invalid old password' } });
  expect((await change('first')).status).toBe(200);
  await close();
  const again = await start(home);
  expect((await again.ask('/api/user', 'first')).status).toBe(401);
  expect((await again.ask('/api/user', 'second')).status).toBe(200);
});

test('after five failures the right password is refused too, for five minutes', async () => {
  const clock = { now: 0 };
  const { ask } = await start(undefined, () => clock.now);
  for (let turn = 0; turn < 5; turn++) expect((await ask('/api/user', `guess-${turn}`)).status).toBe(401);
  expect((await ask('/api/user', 'first')).status).toBe(401);
  clock.now = 301_000;
  expect((await ask('/api/user', 'first')).status).toBe(200);
});

test('a data source is well while its password fits; a new one counts when provisioning is read again', async () => {
  const server = createServer((request, response) => {
    const expected = `Basic ${Buffer.from('lookout:secret-of-prometheus').toString('base64')}`;
    response.writeHead(request.headers.authorization === expected ? 200 : 401).end('{}');
  }).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  const home = homeWith({}, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  writeFileSync(join(home, 'credentials/prometheus-password'), 'old');
  const { ask } = await start(home);
  const health = () => ask('/api/datasources/uid/lookout-prometheus/health', 'first');
  expect(await health()).toMatchObject({ status: 400, body: { status: 'ERROR' } });
  writeFileSync(join(home, 'credentials/prometheus-password'), 'secret-of-prometheus');
  expect((await health()).status).toBe(400);
  await ask('/api/admin/provisioning/datasources/reload', 'first', { method: 'POST' });
  expect(await health()).toMatchObject({ status: 200, body: { status: 'OK' } });
  expect(JSON.stringify((await ask('/api/datasources', 'first')).body)).not.toContain(
    readFileSync(join(home, 'credentials/prometheus-password'), 'utf8'),
  );
});
