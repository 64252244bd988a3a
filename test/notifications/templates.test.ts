import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { alertmanagerFiles } from '../../notifications/index.ts';
import { generations, run } from '../support/programs.ts';
import { localStack } from '../support/stacks.ts';
import { facts } from './facts.ts';

const start = Date.parse('2026-03-01T12:00:00Z');

const lengths = [
  [0, '0 s'],
  [0.4, '0 s'],
  [42.6, '43 s'],
  [60, '1 min'],
  [95, '1 min 35 s'],
  [3599.7, '1 h'],
  [3600, '1 h'],
  [3600 + 59, '1 h'],
  [3 * 3600 + 10 * 60 + 40, '3 h 10 min'],
  [86_400 - 1, '23 h 59 min'],
  [86_400, '1 d'],
  [2 * 86_400 + 3 * 3600 + 59 * 60, '2 d 3 h'],
  [365 * 86_400, '365 d'],
] as const;

const subjects = [
  ['backup mongodb-prod missed', { backup: 'mongodb-prod' }, 'backup mongodb-prod | was missed for 1 h'],
  ['endpoint web not trusted', { backup: 'web' }, 'endpoint web | was not trusted for 1 h'],
  ['volume a.b running out of inodes', { backup: 'a.b' }, 'volume a.b | was running out of inodes for 1 h'],
  ['backup (x|y) [z missed', { backup: '(x|y) [z' }, 'backup (x|y) [z | was missed for 1 h'],
  ['application shop fails', { backup: 'shop' }, 'application shop fails | lasted 1 h'],
  ['endpoint web serves an old certificate', { backup: 'web' }, 'endpoint web serves an old certificate | lasted 1 h'],
  ['volume data 83.3% full', { backup: 'data' }, 'volume data | was full for 1 h'],
  ['certificate web expires in 2d 23h', { backup: 'web' }, 'certificate web | expiring soon lasted 1 h'],
  ['exporter down', {}, 'exporter down | lasted 1 h'],
  ['exporter down', { backup: 'elsewhere' }, 'exporter down | lasted 1 h'],
] as const;

describe.each(generations)('templates ($name)', ({ amtool }) => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'lookout-templates-'));
    for (const { path, content } of alertmanagerFiles(localStack, facts).slice(1))
      writeFileSync(join(directory, path.split('/').at(-1)!), content);
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  function render(text: string, alerts: readonly object[], labels: Readonly<Record<string, string>> = {}): string {
    const data = join(directory, 'data.json');
    writeFileSync(data, JSON.stringify({ alerts, commonLabels: labels, groupLabels: labels }));
    const glob = `--template.glob=${join(directory, '*.tmpl')}`;
    return run(amtool, ['template', 'render', glob, `--template.text=${text}`, `--template.data=${data}`]);
  }

  test('tell the length of an outage in at most two units', () => {
    const alerts = lengths.map(([seconds]) => resolved(seconds));
    expect(render('{{ range .Alerts }}{{ template "lookout.lasted" . }}|{{ end }}', alerts).split('|')).toEqual([
      ...lengths.map(([, words]) => words),
      '',
    ]);
  });

  test.each(subjects)('what was "%s" (%j) reads: %s', (summary, labels, words) => {
    const alert = resolved(3600, { summary, object: 'backup' }, { alertname: 'ExpiringSoon', ...labels });
    expect(render('{{ template "lookout.subject" . }}', [alert])).toBe(`RESOLVED | ${words} | local`);
  });

  test('keep a subject short, printable and in one line', () => {
    const long = `backup ${'x'.repeat(300)}`;
    const alert = firing({ summary: long, detail: 'a\r\nBcc: b\u{1f525}' });
    const subject = render('{{ template "lookout.subject" . }}', [alert]);
    expect(subject).toMatch(/^CRITICAL \| backup x{93}\.\.\. \| a Bcc: b\? \| local$/);
  });

  test('keep the header that names the alert below the limit of a mail header', () => {
    const names = ['alertname', 'backup', 'claim', 'claim_namespace', 'namespace', 'application'];
    const labels = Object.fromEntries(names.map((name) => [name, '\u00e9'.repeat(500)]));
    const query = render('{{ template "lookout.labels" . }}', [], labels);
    expect(query.length).toBeLessThan(998);
    expect(new URLSearchParams(query).get('claim')).toBe('\u00e9'.repeat(20));
  });

  test('count several alerts and tell the first', () => {
    const alerts = [firing({ summary: 'first' }), firing({ summary: 'second' }), resolved(60)];
    expect(render('{{ template "lookout.subject" . }}', alerts)).toBe('CRITICAL | first | 2 alerts | local');
  });

  test.each([
    ['critical', '#c62828'],
    ['warning', '#b45309'],
    ['info', '#1565c0'],
    ['page', '#b45309'],
  ])('give %s the colour %s', (severity, colour) => {
    const alert = { status: 'firing', labels: { severity } };
    expect(render('{{ template "lookout.colour" . }}', [alert])).toBe(colour);
  });

  test('give what is over the colour of all clear', () => {
    expect(render('{{ template "lookout.colour" . }}', [resolved(60)])).toBe('#2e7d32');
  });
});

function resolved(seconds: number, annotations: object = {}, labels: object = { alertname: 'Named' }) {
  const [startsAt, endsAt] = [start, start + seconds * 1000].map((time) => new Date(time).toISOString());
  return { status: 'resolved', startsAt, endsAt, annotations, labels };
}

function firing(annotations: object) {
  return { status: 'firing', annotations, labels: { alertname: 'Named', severity: 'critical' } };
}
