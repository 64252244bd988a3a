import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { opens, receiveWebhook } from '../../demo/inbox/slack/fake-webhook.ts';
import { parseMarkup, slackPlain } from '../../demo/inbox/slack/markup.ts';
import { startInbox, type TestInbox } from './inbox.ts';

describe('the webhook', () => {
  let inbox: TestInbox;
  beforeAll(async () => {
    inbox = await startInbox();
  });
  afterAll(async () => inbox?.close());

  const post = async (path: string, body: string) => {
    const response = await fetch(`${inbox.url}/services/${path}`, { method: 'POST', body });
    return `${response.status} ${await response.text()}`;
  };

  test('takes what Alertmanager sends and answers as Slack does', async () => {
    const attachment = {
      title: 'CRITICAL | <b> | local',
      text: 'one *two* &lt;three&gt;',
      callback_id: 'firing?alertname=X&backup=y&severity=critical',
      fallback: 'f',
    };
    const response = await inbox.slack({ channel: '#alerts', username: 'Lookout', attachments: [attachment] });
    expect([response.status, await response.text()]).toEqual([200, 'ok']);
    const [summary] = await inbox.list();
    expect(summary).toMatchObject({
      kind: 'slack',
      preview: 'one two <three>',
      recipient: '#alerts',
      sender: 'Lookout',
      state: 'firing',
      labels: { alertname: 'X', backup: 'y', severity: 'critical' },
    });
  });

  test.each([
    ['T000/B000/wrong', '{"text":"x"}', '404 no_service'],
    ['right-', '{"text":"x"}', '404 no_service'],
    ['T000/B000/right', '{"text":"x"', '400 invalid_payload'],
    ['T000/B000/right', '["text"]', '400 invalid_payload'],
    ['T000/B000/right', '{"text":7}', '400 invalid_payload'],
    ['T000/B000/right', '{"attachments":[{"title":{}}]}', '400 invalid_payload'],
    ['T000/B000/right', '{"attachments":{}}', '400 invalid_payload'],
    ['T000/B000/right', '', '400 invalid_payload'],
    ['T000/B000/right', '{}', '400 no_text'],
    ['T000/B000/right', '{"attachments":[{"color":"#fff"}]}', '400 no_text'],
    ['T000/B000/right', JSON.stringify({ attachments: Array(101).fill({ text: 'x' }) }), '400 too_many_attachments'],
  ])('answers POST /services/%s with body %.40s by %s', async (path, body, answer) => {
    const before = (await inbox.list()).length;
    expect(await post(path, body)).toBe(answer);
    expect(await inbox.list()).toHaveLength(before);
  });

  test('has no address when its file is not there', async () => {
    const other = await startInbox();
    rmSync(join(other.directory, 'webhook'));
    expect((await other.slack({ text: 'x' })).status).toBe(404);
    await other.close();
  });
});

test('a token opens only its own address', () => {
  expect(opens('abc', 'http://127.0.0.1:1/services/T/B/abc\n')).toBe(true);
  expect(opens('ab', 'http://127.0.0.1:1/services/T/B/abc')).toBe(false);
  expect(opens('', '')).toBe(false);
});

describe('markup', () => {
  test.each([
    ['a *b* _c_ ~d~ `e`', ['text', 'bold', 'text', 'italic', 'text', 'strike', 'text', 'code']],
    ['<https://a.test/?b=1&amp;c=2|words>', ['link']],
    ['<!channel> <@U1>', ['call', 'text', 'call']],
    ['0 2 \u034f* \u034f* \u034f*', ['text']],
    ['\u034f*bold\u034f*', ['text']],
    ['snake_case_name 2*3*4', ['text']],
    ['&lt;!channel&gt;', ['text']],
  ])('%s consists of %j', (text, kinds) => {
    expect(parseMarkup(text).map(({ kind }) => kind)).toEqual(kinds);
  });

  test('a link keeps its address and its words', () => {
    expect(parseMarkup('<https://a.test/?b=1&amp;c=2|Run &amp; book>')).toEqual([
      { kind: 'link', url: 'https://a.test/?b=1&c=2', text: 'Run & book' },
    ]);
  });

  test('escaped text without formatting characters reads as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (original) => {
        fc.pre(!['*', '_', '~', '`', '\u034f'].some((special) => original.includes(special)));
        const sent = original.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
        expect(slackPlain(sent)).toBe(original);
      }),
    );
  });

  test('any body is either a message or one of the refusals', () => {
    const piece = fc.oneof(fc.string(), fc.constant('*'), fc.constant('<!here>'), fc.constant('<|>'));
    const body = fc.oneof(
      fc.string(),
      fc.json(),
      piece.map((text) => JSON.stringify({ text })),
    );
    fc.assert(
      fc.property(body, (sent) => {
        const result = receiveWebhook(sent);
        expect('error' in result ? [400] : ['slack']).toContain('error' in result ? result.status : result.kind);
      }),
    );
  });
});
