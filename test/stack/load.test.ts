import { describe, expect, test } from 'vitest';
import { load, loadOne, problemsOf, stackOf } from './load.ts';

describe('variables', () => {
  const yaml = `platform: local\ntimezone: \${ZONE}\ninstances: [{ name: prod }, { name: dev }]\n`;
  const zones = (files: Record<string, string>, processEnv: Record<string, string> = {}): readonly string[] =>
    load(yaml, { files, processEnv }).stacks.map(({ stack }) => stack.timezone);

  test('of an instance win over those of all, and these over the process environment', () => {
    const all = { '.env': 'ZONE=Asia/Almaty', '.env.dev': 'ZONE=Europe/Berlin' };
    expect(zones(all, { ZONE: 'UTC' })).toEqual(['Asia/Almaty', 'Europe/Berlin']);
    expect(zones({}, { ZONE: 'UTC' })).toEqual(['UTC', 'UTC']);
  });

  test('of a named file replace those of the folder', () => {
    const files = { '.env': 'ZONE=Asia/Almaty', other: 'ZONE=Australia/Perth' };
    const stacks = load(yaml, { files, envFile: '/environments/shop/other' }).stacks;
    expect(stacks.map(({ stack }) => stack.timezone)).toEqual(['Australia/Perth', 'Australia/Perth']);
  });

  test('that are built in cannot be replaced', () => {
    const text = `platform: local\nvolumes: [{ name: a, directory: "\${LOOKOUT_STATE}/a" }]\n`;
    const stack = stackOf(text, { files: { '.env': 'LOOKOUT_STATE=/elsewhere' } });
    expect(stack.volumes[0]?.directory).toBe('/state/shop/a');
  });

  test('of the local platform are unknown in a cluster', () => {
    const text = `platform: kubernetes\nnamespace: a\nvolumes: [{ name: a, directory: "\${LOOKOUT_STATE}/a" }]\n`;
    expect(problemsOf(text)[0]).toContain('the variable LOOKOUT_STATE is not set');
  });

  test('fill numbers and booleans too', () => {
    const text = `platform: local\npace: \${PACE}\nlocal: { demonstration: "\${DEMO}" }\n`;
    const stack = stackOf(text, { processEnv: { PACE: '3', DEMO: 'true' } });
    expect([stack.pace, stack.local?.demonstration]).toEqual([3, true]);
  });

  test('of one instance need not be set to load another', () => {
    const text = `platform: local\ninstances: [{ name: a }, { name: b, timezone: "\${ZONE}" }]\n`;
    expect(problemsOf(text)).toHaveLength(1);
    expect(problemsOf(text, { instance: 'a' })).toEqual([]);
  });
});

describe('instances', () => {
  const yaml = `platform: kubernetes
namespace: shop
grafana: { url: https://grafana.test/ }
certificates:
  files: [{ name: web, path: /web.pem }]
  endpoints: [{ name: server, address: shop.test }]
instances:
  - name: prod
  - name: staging
    namespace: shop-staging
    certificates:
      endpoints: [{ name: server, address: staging.test }, { name: api, address: "api.test:8443" }]
`;
  const [prod, staging] = load(yaml).stacks.map(({ stack }) => stack);

  test('give stacks with names of their own', () => {
    expect([prod?.name, prod?.instance, prod?.environment]).toEqual(['shop-prod', 'prod', 'shop']);
    expect([staging?.name, staging?.namespace]).toEqual(['shop-staging', 'shop-staging']);
  });

  test('merge sections key by key and replace lists', () => {
    expect(staging?.certificates.files).toEqual(prod?.certificates.files);
    expect(staging?.certificates.endpoints.map(({ host, port }) => `${host}:${port}`)).toEqual([
      'staging.test:443',
      'api.test:8443',
    ]);
    expect(staging?.grafana.url).toBe('https://grafana.test');
  });

  test('can be loaded one at a time', () => {
    expect(load(yaml, { instance: 'staging' }).stacks.map(({ stack }) => stack.name)).toEqual(['shop-staging']);
  });

  test('on one machine have state directories of their own', () => {
    const stacks = load('platform: local\ninstances: [{ name: a }, { name: b }]\n').stacks;
    expect(stacks.map(({ stack }) => stack.local?.state)).toEqual(['/state/shop-a', '/state/shop-b']);
  });
});

describe('the least that an environment can say', () => {
  test('on one machine is the platform', () => {
    const stack = stackOf('platform: local\n');
    expect(stack).toMatchObject({
      name: 'shop',
      namespace: 'shop',
      timezone: 'UTC',
      pace: 1,
      applications: [],
      backups: [],
    });
    expect(stack.intervals).toEqual({
      scrape: 15,
      evaluation: 15,
      rateWindow: 300,
      groupWait: 30,
      groupInterval: 300,
      repeat: 14_400,
      collection: 60,
    });
    expect(stack.prometheus).toMatchObject({ version: '2.42.0', address: '127.0.0.1:19304' });
    expect(stack.local?.demonstration).toBe(false);
  });

  test('in a cluster is the platform and the namespace', () => {
    const stack = stackOf('platform: kubernetes\nnamespace: shop\n');
    expect(stack.local).toBeNull();
    expect([stack.alertmanager.email, stack.alertmanager.slack]).toEqual([null, null]);
    expect([stack.prometheus.address, stack.prometheus.version]).toEqual(['lookout-prometheus:9090', '3.5.3']);
  });
});

describe('receivers on one machine', () => {
  const inbox = (alertmanager: string) => stackOf(`platform: local\nalertmanager: ${alertmanager}\n`);
  const mail = '{ smarthost: "mail.test:587", from: a@b.test, to: [c@d.test] }';
  const slack = '{ webhook: { env: SLACK }, channel: "#a" }';

  test('that are not declared are the inbox', () => {
    expect(inbox('{}').local?.inbox).not.toBeNull();
    expect(inbox('{}').alertmanager.slack?.channel).toBe('#alerts');
  });

  test("that are all the user's own need no inbox", () => {
    const stack = inbox(`{ email: ${mail}, slack: ${slack} }`);
    expect(stack.local?.inbox).toBeNull();
    expect(stack.alertmanager.email).toMatchObject({ smarthost: 'mail.test:587', tls: true });
    expect(stack.secrets['slack-webhook']).toEqual({ kind: 'env', name: 'SLACK' });
  });

  test('of which one is declared leave the other out', () => {
    expect(inbox(`{ email: ${mail} }`).alertmanager.slack).toBeNull();
    expect(inbox(`{ email: ${mail} }`).local?.inbox).toBeNull();
    expect(inbox(`{ slack: ${slack} }`).alertmanager.email).toBeNull();
  });

  test('without a server of their own go to the inbox beside one that has', () => {
    const stack = inbox(`{ email: { to: [you@d.test] }, slack: ${slack} }`);
    expect(stack.local?.inbox).not.toBeNull();
    expect(stack.alertmanager.email).toMatchObject({ smarthost: '127.0.0.1:19306', to: ['you@d.test'], tls: false });
  });

  test('listen where the local platform says', () => {
    const stack = stackOf('platform: local\n', {
      addresses: { inboxSmtp: '127.0.0.1:2525', prometheus: '127.0.0.1:9' },
    });
    expect(stack.alertmanager.email?.smarthost).toBe('127.0.0.1:2525');
    expect(stack.prometheus.address).toBe('127.0.0.1:9');
    expect(stack.alertmanager.address).toBe('127.0.0.1:19305');
  });
});

describe('values', () => {
  test('of the machinery are divided by the pace, those of the world are not', () => {
    const stack = stackOf(`platform: local
pace: 10
applications: [{ name: a, metrics: { address: "a:1", interval: 5s } }]
backups:
  - { name: a, directory: d, pattern: "%F", engine: files, expectedInterval: 1h, grace: 5m, settle: 10s, retention: { age: 1d } }
alerts: { BackupMissed: { for: 10m, threshold: 7d } }
prometheus: { retention: { time: 30d, size: 2Gi } }
`);
    expect(stack.applications[0]?.metrics?.interval).toBe(0.5);
    expect(stack.backups[0]).toMatchObject({ grace: 30, settle: 1, expectedInterval: 3600 });
    expect(stack.backups[0]?.retention).toEqual({ age: 86_400, tolerance: 172_800, floor: 1 });
    expect(stack.alerts).toEqual({ BackupMissed: { for: 60, threshold: 604_800, thresholdUnit: 's' } });
    expect(stack.prometheus.retention).toEqual({ time: 30 * 86_400, size: 2 * 1024 ** 3 });
  });

  test('the rate window holds four scrapes of the slowest target', () => {
    const yaml = 'platform: local\napplications: [{ name: a, metrics: { address: "a:1", interval: 2m } }]\n';
    expect(stackOf(yaml).intervals.rateWindow).toBe(480);
  });

  test('relative paths begin at the folder of the environment', () => {
    const stack = stackOf('platform: local\ncertificates: { files: [{ name: a, path: tls/a.pem }] }\n');
    expect(stack.certificates.files[0]?.path).toBe('/environments/shop/tls/a.pem');
  });

  test('the clock of names is that of the schedule, and this that of the environment', () => {
    const backup = '{ name: a, directory: d, pattern: "%F", engine: files, schedule: "@daily" }';
    const stack = stackOf(`platform: local\ntimezone: Asia/Almaty\nbackups: [${backup}]\n`);
    expect(stack.backups[0]).toMatchObject({ timezone: 'Asia/Almaty', clock: 'Asia/Almaty' });
  });

  test('a version keeps its zeros', () => {
    const stack = stackOf('platform: local\nalertmanager: { version: 0.30 }\nprometheus: { version: 2.50 }\n');
    expect([stack.alertmanager.version, stack.prometheus.version]).toEqual(['0.30.0', '2.50.0']);
  });
});

describe('origins', () => {
  const loaded = loadOne(
    `platform: local
timezone: \${ZONE}
backups:
  - { name: a, directory: dumps, pattern: "%F", engine: files, schedule: "@daily", grace: 5m }
volumes:
  - name: data
    directory: \${LOOKOUT_STATE}/data
    size: 5Gi
`,
    { files: { '.env': '\nZONE=UTC\n' } },
  );
  const origin = (path: string): string | undefined => loaded.origins.get(path);

  test('name the line, the variable, the built-in value or the default', () => {
    expect(origin('platform')).toBe('environment.yaml:1');
    expect(origin('timezone')).toBe('environment.yaml:2 with .env:2 ZONE');
    expect(origin('backups[0].grace')).toBe('environment.yaml:4 (5m)');
    expect(origin('volumes[0].directory')).toBe('environment.yaml:7 with built-in LOOKOUT_STATE');
    expect(origin('volumes[0].requested')).toBe('environment.yaml:8 (5Gi)');
    expect(origin('prometheus.address')).toBe('built-in');
    expect(origin('intervals.scrape')).toBe('default');
    expect(origin('name')).toBe('name of the folder');
  });

  test('let others report at the line of a value, or of the section that lacks it', () => {
    expect(loaded.problemAt('backups[0].name', 'wrong')).toEqual({
      file: 'environment.yaml',
      line: 4,
      path: 'backups[0].name',
      message: 'wrong',
    });
    expect(loaded.problemAt('volumes[0].namespace', 'wrong').line).toBe(6);
  });
});
