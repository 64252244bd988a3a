import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { Check, CheckContext } from '../../provision/checks/check.ts';
import { grafanaAuthentication, grafanaDashboards, grafanaDataSources } from '../../provision/checks/grafana.ts';
import { basic, basicDefault, httpService, type Service } from '../../provision/checks/service.ts';
import type { Stack } from '../../stack/types.ts';
import { openFakeGrafana } from '../cluster/support/fake-grafana/server.ts';
import { readSettings } from '../cluster/support/fake-grafana/settings.ts';
import { temporaryFolder } from '../exporter/support/folder.ts';
import { productionStack } from '../support/stacks.ts';

const built = { uid: 'backups', title: 'Backups', panels: [{ id: 1, title: 'Age' }], tags: ['lookout'] };

interface Wish {
  /** What its directory holds in place of the built dashboard; null: nothing. */
  readonly stored?: object | null;
  readonly password?: string;
  readonly anonymous?: boolean;
  readonly user?: string;
}

/** A Grafana without a Prometheus, and a stack that knows its password as `ours`. */
async function contextWith({ stored = built, password = 'ours', anonymous = false, user = 'admin' }: Wish = {}) {
  const folder = temporaryFolder();
  const write = (path: string, content: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  };
  write('provisioning/dashboards/lookout.yaml', 'providers: [{options: {path: dashboards}}]');
  write(
    'provisioning/datasources/lookout.yaml',
    'datasources: [{uid: p, name: Lookout, type: prometheus, access: proxy, url: "http://127.0.0.1:1"}]',
  );
  if (stored !== null) write('dashboards/backups.json', JSON.stringify(stored));
  const settings = readSettings(
    {
      GF_SERVER_HTTP_PORT: '0',
      GF_PATHS_DATA: 'data',
      GF_PATHS_PROVISIONING: 'provisioning',
      GF_SECURITY_ADMIN_PASSWORD: password,
      GF_SECURITY_ADMIN_USER: user,
      GF_AUTH_ANONYMOUS_ENABLED: `${anonymous}`,
    },
    folder,
  );
  const { port, close } = await openFakeGrafana(settings, { log: () => {}, now: Date.now });
  onTestFinished(close);
  const cluster = productionStack.cluster!;
  const stack: Stack = { ...productionStack, cluster: { ...cluster, grafana: { ...cluster.grafana, user } } };
  const authorizations = { ours: () => basic(user, 'ours'), default: basicDefault };
  const context: Partial<CheckContext> = {
    stack,
    outputs: [{ path: 'grafana/dashboards/backups.json', content: JSON.stringify(built) }],
    grafana: httpService('Grafana', `http://127.0.0.1:${port}`, authorizations),
  };
  return context as CheckContext;
}

test('a data source that was built and is not there is told', async () => {
  const context = await contextWith();
  const built = 'datasources: [{uid: p, name: Lookout}, {uid: traces, name: Lookout Jaeger}]';
  const outputs = [...context.outputs, { path: 'grafana/provisioning/datasources/lookout.yaml', content: built }];
  expect(await lines(grafanaDataSources, { ...context, outputs })).toContain(
    'failed data source Lookout Jaeger: Grafana does not have it',
  );
  expect(await lines(grafanaDataSources, context)).not.toContain(
    'failed data source Lookout Jaeger: Grafana does not have it',
  );
});

async function lines(check: Check, context: CheckContext): Promise<readonly string[]> {
  return (await check.run(context)).map(
    ({ ok, subject, evidence }) => `${ok ? 'ok' : 'failed'} ${subject}: ${evidence}`,
  );
}

describe('the logins of Grafana', () => {
  test('are well when only ours is taken', async () => {
    const context = await contextWith();
    for (let turn = 0; turn < 8; turn++)
      expect(
        (await grafanaAuthentication.run(context)).every(({ ok }) => ok),
        `turn ${turn}`,
      ).toBe(true);
  });

  test('are not when everybody is let in', async () => {
    expect((await lines(grafanaAuthentication, await contextWith({ anonymous: true })))[0]).toBe(
      'failed Grafana without a password: answered 200, expected 401',
    );
  });

  test('are not when the default password is still taken', async () => {
    expect(await lines(grafanaAuthentication, await contextWith({ password: 'admin' }))).toEqual([
      'ok Grafana without a password: answered 401, expected 401',
      'failed Grafana with admin/admin: answered 200, expected 401',
      'failed Grafana with ours: answered 401, expected 200',
    ]);
  });

  test('are tried with the default too where admin is another user than ours', async () => {
    expect((await lines(grafanaAuthentication, await contextWith({ user: 'lookout' })))[1]).toBe(
      'ok Grafana with admin/admin: answered 401, expected 401',
    );
  });
});

test('a data source that Grafana does not reach is told', async () => {
  expect((await lines(grafanaDataSources, await contextWith()))[0]).toMatch(/^failed data source Lookout: .*HTTP 400/);
});

test('a data source that is silent is told as that, and not as a Grafana that is', async () => {
  const context = await contextWith();
  const silence = () => Promise.reject(new Error('no answer', { cause: new DOMException('late', 'TimeoutError') }));
  const request: Service['request'] = (path, options) =>
    path.endsWith('/health') ? silence() : context.grafana!.request(path, options);
  expect(await lines(grafanaDataSources, { ...context, grafana: { title: 'Grafana', request } })).toEqual([
    'failed data source Lookout: Grafana still waits for its answer: is the way there open?',
  ]);
});

test('dashboards are well when each is as it was built, whatever Grafana adds and in whatever order', async () => {
  const { uid, ...rest } = built;
  expect(await lines(grafanaDashboards, await contextWith({ stored: { ...rest, uid } }))).toEqual([
    'ok dashboard Backups: as it was built',
  ]);
});

test.each([
  [null, 'failed dashboard Backups: Grafana has no dashboard backups'],
  [{ ...built, panels: [] }, 'failed dashboard Backups: another than was built: panels differ'],
  [{ ...built, time: {}, tags: ['mine'] }, 'failed dashboard Backups: another than was built: tags, time differ'],
])('a dashboard that is another, or none, is told: %#', async (stored, line) => {
  expect(await lines(grafanaDashboards, await contextWith({ stored }))).toEqual([line]);
});
