import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  accepts,
  ask,
  changePassword,
  dataSourceHealth,
  type Grafana,
  reloadDataSources,
} from '../../provision/cluster/grafana/client.ts';
import { openFakeGrafana } from '../cluster/support/fake-grafana/server.ts';
import { readSettings } from '../cluster/support/fake-grafana/settings.ts';
import { temporaryFolder } from '../exporter/support/folder.ts';

/**
 * Where each of our calls is made: fake-grafana, and the real Grafana that GRAFANA_URL names with its admin
 * (`http://admin:<password>@host:3000`), whose password is changed and changed back.
 */
const places: readonly { readonly name: string; readonly open: () => Promise<Grafana> }[] = [
  { name: 'fake-grafana', open: openFake },
  ...(process.env['GRAFANA_URL'] === undefined
    ? []
    : [{ name: 'a real Grafana', open: async () => fromUrl(process.env['GRAFANA_URL'] ?? '') }]),
];

async function openFake(): Promise<Grafana> {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'provisioning/datasources'), { recursive: true });
  writeFileSync(
    join(folder, 'provisioning/datasources/lookout.yaml'),
    'datasources: [{uid: dead, name: Dead, type: prometheus, access: proxy, url: "http://127.0.0.1:1"}]',
  );
  const settings = readSettings(
    { GF_SERVER_HTTP_PORT: '0', GF_PATHS_DATA: 'data', GF_PATHS_PROVISIONING: 'provisioning' },
    folder,
  );
  const { port, close } = await openFakeGrafana({ ...settings, password: 'first' }, { log: () => {}, now: Date.now });
  onTestFinished(close);
  return { base: `http://127.0.0.1:${port}`, user: 'admin', password: 'first' };
}

function fromUrl(text: string): Grafana {
  const { origin, pathname, username, password } = new URL(text);
  return { base: `${origin}${pathname.replace(/\/$/, '')}`, user: username, password: decodeURIComponent(password) };
}

describe.each(places)('$name', ({ open }) => {
  test('takes our password and no other', async () => {
    const grafana = await open();
    expect(await accepts(grafana)).toBe(true);
    expect(await accepts({ ...grafana, password: 'another' })).toBe(false);
  });

  test('tells everybody whether it is well, and nobody else who it knows', async () => {
    const { base } = await open();
    expect((await fetch(`${base}/api/health`)).status).toBe(200);
    for (const path of ['/api/user', '/api/datasources', '/api/search'])
      expect((await fetch(base + path)).status).toBe(401);
  });

  test('changes the password, and refuses the old one from then on', async () => {
    const grafana = await open();
    const changed = { ...grafana, password: 'the-next-one' };
    await changePassword(grafana, changed.password);
    expect([await accepts(changed), await accepts(grafana)]).toEqual([true, false]);
    await expect(changePassword({ ...changed, password: 'the-next-one' }, grafana.password)).resolves.toBeUndefined();
    expect(await accepts(grafana)).toBe(true);
  });

  test('reads its data sources again when it is told to', async () => {
    await expect(reloadDataSources(await open())).resolves.toBeUndefined();
  });

  test('tells of what it does not have', async () => {
    const grafana = await open();
    expect((await ask(grafana, '/api/dashboards/uid/none-of-this-uid')).status).toBe(404);
    expect(await dataSourceHealth(grafana, 'none-of-this-uid')).toMatchObject({ ok: false });
  });
});

test('a data source that does not answer is told with the reason', async () => {
  const health = await dataSourceHealth(await openFake(), 'dead');
  expect(health.ok).toBe(false);
  expect(health.message).toContain('HTTP 400');
});

test('a Grafana that is not there is named', async () => {
  const nobody = { base: 'http://127.0.0.1:1', user: 'admin', password: 'x' };
  await expect(accepts(nobody)).rejects.toThrow('Grafana does not answer at http://127.0.0.1:1');
});
