import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { alertmanagerFiles } from '../../notifications/index.ts';
import type { Stack } from '../../stack/types.ts';
import { expectGolden } from '../support/golden.ts';
import { generations, run } from '../support/programs.ts';
import { localStack, productionStack } from '../support/stacks.ts';
import { facts } from './facts.ts';

const configOf = (stack: Stack) => parse(alertmanagerFiles(stack, facts)[0]!.content);
const receiver = (stack: Stack, wanted: string) =>
  configOf(stack).receivers.find(({ name }: { name: string }) => name === wanted);

function withAlertmanager(stack: Stack, settings: Partial<Stack['alertmanager']>): Stack {
  return { ...stack, alertmanager: { ...stack.alertmanager, ...settings } };
}

const variants: readonly { readonly variant: string; readonly stack: Stack }[] = [
  { variant: 'mail and chat', stack: localStack },
  { variant: 'no receiver at all', stack: withAlertmanager(localStack, { email: null, slack: null }) },
  { variant: 'chat and heartbeat', stack: withAlertmanager(localStack, { email: null, heartbeat: 'heartbeat-url' }) },
  {
    variant: 'mail and heartbeat',
    stack: withAlertmanager(productionStack, { slack: null, heartbeat: 'heartbeat-url' }),
  },
];

describe.each([localStack, productionStack])('files of $name', (stack) => {
  test.each(alertmanagerFiles(stack, facts).map(({ path, content }) => ({ path, content })))(
    '$path is as recorded',
    ({ path, content }) => expectGolden(`notifications/${stack.name}.${path.split('/').at(-1)}`, content),
  );

  test('are the same bytes each time', () => {
    expect(alertmanagerFiles(stack, facts)).toEqual(alertmanagerFiles(structuredClone(stack), facts));
  });

  test('hold no value that depends on nothing in the stack: another environment has another footer', () => {
    const other = alertmanagerFiles({ ...stack, name: 'elsewhere' }, facts);
    expect(other.map(({ content }) => content).join()).toContain('alerts of elsewhere are sent to you');
  });
});

describe('receivers', () => {
  test('take every password from a file beside the configuration', () => {
    expect(receiver(productionStack, 'operators')).toMatchObject({
      email_configs: [{ auth_username: 'lookout', auth_password_file: 'credentials/smtp-password', require_tls: true }],
      slack_configs: [{ api_url_file: 'credentials/slack-webhook', channel: '#alerts' }],
    });
  });

  test('tell when an alert is over', () => {
    const { email_configs: mails, slack_configs: chats } = receiver(localStack, 'operators');
    expect([...mails, ...chats].map(({ send_resolved }) => send_resolved)).toEqual([true, true]);
  });

  test('name the sender, unless the environment does', () => {
    const from = (address: string) =>
      receiver(
        withAlertmanager(localStack, { email: { ...localStack.alertmanager.email!, from: address } }),
        'operators',
      ).email_configs[0].from;
    expect(from('watch@example.com')).toBe('Lookout <watch@example.com>');
    expect(from('Night watch <watch@example.com>')).toBe('Night watch <watch@example.com>');
  });

  test('send what is merely worth knowing by mail, or to the chat when there is no mail', () => {
    expect(receiver(localStack, 'informed')).not.toHaveProperty('slack_configs');
    expect(receiver(withAlertmanager(localStack, { email: null }), 'informed')).toHaveProperty('slack_configs');
  });

  test('keep the heartbeat a secret in both generations', () => {
    const [old, current] = [localStack, productionStack].map((stack) =>
      receiver(withAlertmanager(stack, { heartbeat: 'heartbeat-url' }), 'heartbeat'),
    );
    expect(old).toMatchObject({ slack_configs: [{ api_url_file: 'credentials/heartbeat-url', send_resolved: false }] });
    expect(current).toMatchObject({
      webhook_configs: [{ url_file: 'credentials/heartbeat-url', send_resolved: false }],
    });
  });
});

describe.each(generations)('amtool ($name)', ({ amtool }) => {
  const knowsTime = !/version 0\.2[0-7]\./.test(run(amtool, ['--version']));
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'lookout-notifications-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const check = (stack: Stack) => {
    for (const { path, content } of alertmanagerFiles(stack, facts)) write(join(directory, path), content);
    return run(amtool, ['check-config', join(directory, 'alertmanager/alertmanager.yml')]);
  };

  test.each(variants.filter(({ stack }) => knowsTime || !stack.alertmanager.features.templateTime))(
    'accepts configuration and templates: $variant',
    ({ stack }) => expect(check(stack)).toMatch(/1 templates\s+SUCCESS/),
  );

  test.runIf(!knowsTime)('refuses what only later versions know', () => {
    expect(() => check(productionStack)).toThrow(/function "tz" not defined/);
  });
});

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
