import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { lookout } from '../support/lookout.ts';

const root = resolve(import.meta.dirname, '../..');
const temporary = mkdtempSync(join(tmpdir(), 'lookout-env-'));
const folder = join(temporary, 'own');
mkdirSync(folder);
afterAll(() => rmSync(temporary, { recursive: true }));

describe('lookout env check', () => {
  test('says in a line what each stack holds', async () => {
    expect(await lookout(['env', 'check', 'local'])).toEqual({
      code: 0,
      printed: [
        'local: valid; local, namespace demo; 1 application, 1 backup, 2 volumes, 4 certificates; mail to operator@lookout.test, Slack #alerts',
      ],
      reported: [],
    });
    const { printed } = await lookout(['env', 'check', 'k3s-gateway', '--instance', 'dev']);
    expect(printed).toEqual([
      'k3s-gateway-dev: valid; kubernetes, namespace dev; 0 applications, 0 backups, 0 volumes, 1 certificate; nobody is told',
    ]);
  });

  test('takes a path to a folder or to its file, and names files as the user sees them', async () => {
    const environment = join(folder, 'environment.yaml');
    writeFileSync(environment, 'platform: local\npase: 3\n');
    const problem = /^environment\.yaml:2: pase: unknown key; did you mean pace\?/;
    const byFolder = await lookout(['env', 'check', '.'], folder);
    expect(byFolder.code).toBe(1);
    expect(byFolder.reported[0]).toMatch(problem);
    const byFile = await lookout(['env', 'check', './environment.yaml'], folder);
    expect(byFile.reported).toEqual(byFolder.reported);
  });

  test('gives problems as JSON with exit code 1', async () => {
    const { code, printed } = await lookout(['env', 'check', 'school-platform', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(printed.join('\n'))).toEqual({
      stacks: [],
      problems: [
        {
          file: 'environments/school-platform/environment.yaml',
          line: 18,
          path: 'delivery.sops[0]',
          message:
            'the variable AGE_RECIPIENT is not set; write AGE_RECIPIENT=... in environments/school-platform/.env, or set it in the process environment; .env.example beside it shows how',
        },
        {
          file: 'environments/school-platform/environment.yaml',
          line: 49,
          path: 'alertmanager.slack.channel',
          message:
            'the variable SLACK_CHANNEL is not set; write SLACK_CHANNEL=... in environments/school-platform/.env, or set it in the process environment; .env.example beside it shows how',
        },
      ],
    });
  });

  test('knows the alerts that exist', async () => {
    writeFileSync(join(folder, 'environment.yaml'), 'platform: local\nalerts:\n  VolumeFul: { enabled: false }\n');
    const { code, reported } = await lookout(['env', 'check', '.'], folder);
    expect(code).toBe(1);
    expect(reported[0]).toBe(
      'environment.yaml:3: alerts.VolumeFul: there is no alert VolumeFul, did you mean VolumeFull?',
    );
  });

  test('takes variables from a named file, relative to where the user is', async () => {
    const cwd = join(root, 'environments/school-platform');
    expect((await lookout(['env', 'check', 'school-platform', '--env-file', '.env.example'], cwd)).code).toBe(0);
  });

  test.each([
    ['locl', 'no environment locl; did you mean local? (there are'],
    ['./nowhere', 'no environment at ./nowhere: there is no nowhere/environment.yaml'],
  ])('says about %s what there is', async (name, message) => {
    const { code, reported } = await lookout(['env', 'check', name]);
    expect(code).toBe(1);
    expect(reported[0]?.startsWith(message)).toBe(true);
  });
});

describe('lookout env explain', () => {
  test('shows every value with its origin', async () => {
    const { code, printed } = await lookout(['env', 'explain', 'local']);
    const row = (path: string): string[] | undefined =>
      printed.find((line) => line.startsWith(`${path} `))?.split(/ {2,}/);
    expect(code).toBe(0);
    expect(row('timezone')).toEqual([
      'timezone',
      'UTC',
      expect.stringMatching(/^environment\.yaml:\d+ with \.env:\d+ TIMEZONE$/),
    ]);
    expect(row('backups[0].grace')).toEqual([
      'backups[0].grace',
      '20',
      expect.stringMatching(/^environment\.yaml:\d+ \(5m\)$/),
    ]);
    expect(row('local.state')).toEqual(['local.state', '/var/state/lookout/local', 'built-in']);
    expect(row('intervals.scrape')).toEqual(['intervals.scrape', '1', 'default']);
  });

  test('gives stacks and origins as JSON', async () => {
    const { printed } = await lookout(['env', 'explain', 'k3s-gateway', '--json', '--instance', 'prod']);
    const { stacks } = JSON.parse(printed.join('\n')) as { stacks: { stack: object; origins: object }[] };
    expect(stacks).toHaveLength(1);
    expect(stacks[0]).toMatchObject({ stack: { name: 'k3s-gateway-prod' }, origins: { 'grafana.url': 'default' } });
  });
});

describe('a place that cannot be written', () => {
  test('is one line that names it, without a stack trace', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const { code, reported } = await lookout(['build', 'local', '--dist', join(file, 'dist')]);
    expect(code).toBe(1);
    expect(reported).toEqual([
      expect.stringMatching(/^this user or this file system does not allow it: ENOTDIR.*dist/),
    ]);
    expect(reported[0]).not.toContain('\n');
  });
});

describe('lookout status', () => {
  test('of a stack that was never up says so, where it would be and how to start just that one', async () => {
    expect(await lookout(['status', 'local'])).toEqual({
      code: 1,
      printed: [],
      reported: ['local is not up; it was never up, there is no /var/state/lookout/local. Start it: lookout up local'],
    });
  });
});
