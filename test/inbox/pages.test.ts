import { request } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { html } from '../../demo/inbox/pages/html.ts';
import { startInbox, type TestInbox } from './inbox.ts';

const hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>';

describe('pages', () => {
  let inbox: TestInbox;
  beforeAll(async () => {
    inbox = await startInbox();
    await inbox.mail({
      subject: hostile,
      text: hostile,
      html: `<html><head><title>x</title></head><body><p>body</p></body></html>`,
      headers: { 'X-Odd': hostile },
    });
    await inbox.mail({ subject: 'fragment', html: '<p>no head</p>' });
    await inbox.slack({
      username: hostile,
      attachments: [
        { title: hostile, title_link: 'javascript:alert(1)', text: `<javascript:alert(1)|${hostile}>`, color: hostile },
      ],
    });
  });
  afterAll(async () => inbox?.close());

  const get = async (path: string) => {
    const response = await fetch(`${inbox.url}${path}`);
    return { status: response.status, headers: response.headers, body: await response.text() };
  };
  const idOf = async (kind: string) =>
    (await inbox.list()).find((message) => message.kind === kind && message.title !== 'fragment')!.id;

  test.each(['mail', 'phone', 'text', 'source', 'headers', 'nonsense'])(
    'view %s of a hostile mail shows it as text',
    async (view) => {
      const { status, body } = await get(`/messages/${await idOf('mail')}?view=${view}`);
      expect(status).toBe(200);
      expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
      expect(body).not.toMatch(/<script>|<img src=x/);
    },
  );

  test.each(['slack', 'source'])('view %s of a hostile Slack message shows it as text', async (view) => {
    const { body } = await get(`/messages/${await idOf('slack')}?view=${view}`);
    expect(body).not.toMatch(/<script>|<img src=x/);
  });

  test('a link that is no web address is not made one', async () => {
    expect((await get(`/messages/${await idOf('slack')}`)).body).not.toMatch(/href="javascript/);
  });

  test('allow nothing but their own style and script', async () => {
    const policy = (await get('/')).headers.get('content-security-policy')!.split('; ');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy.join()).not.toContain('unsafe');
  });

  test('a mail stands alone: no script, no load, in a sandbox', async () => {
    const { headers, body } = await get(`/messages/${await idOf('mail')}/html`);
    const policy = headers.get('content-security-policy')!;
    expect(policy).toMatch(/default-src 'none'.*sandbox allow-same-origin/);
    expect(policy).not.toMatch(/allow-scripts|script-src|http/);
    expect(body).toContain('<head><base target="_blank"><title>');
  });

  test('a mail without a head gets its links to open pages of their own too', async () => {
    const { id } = (await inbox.list()).find(({ title }) => title === 'fragment')!;
    expect((await get(`/messages/${id}/html`)).body).toBe('<base target="_blank"><p>no head</p>\n');
  });

  test.each([
    '/messages/0000000000000-000000',
    '/messages/..%2fwebhook',
    '/traces/none',
    '/messages/x/html',
    '/nowhere',
  ])('%s is not found', async (path) => expect((await get(path)).status).toBe(404));

  test.each(['evil.test', `evil.test:80`, '127.0.0.1.evil.test', ''])(
    'a request to the name "%s" is refused',
    async (host) => {
      expect(await statusFor(inbox, host)).toBe(host === '' ? 400 : 421);
    },
  );

  test.each(['localhost', 'LOCALHOST:1', '127.0.0.1:9', '[::1]:9'])('a request to %s is answered', async (host) => {
    expect(await statusFor(inbox, host)).toBe(200);
  });

  test('link to the start page', async () => {
    expect((await get('/')).body).toContain('<a class="start" href="http://127.0.0.1:19300/">');
  });

  test('tell events as they happen', async () => {
    const events = await fetch(`${inbox.url}/api/events`);
    expect(events.headers.get('content-type')).toBe('text/event-stream');
    const reader = events.body!.pipeThrough(new TextDecoderStream()).getReader();
    let heard = '';
    const until = async (word: string) => {
      while (!heard.includes(word)) heard += (await reader.read()).value;
    };
    await until(': open');
    await inbox.mail({ subject: 'news', text: 'x' });
    await until('"title":"news"');
    await fetch(`${inbox.url}/api/messages`, { method: 'DELETE' });
    await until('event: cleared');
    await reader.cancel();
    expect(await inbox.list()).toEqual([]);
  });

  test('the list takes only what came since a time', async () => {
    await inbox.mail({ subject: 'old', text: 'x' });
    const [{ receivedAt } = { receivedAt: 0 }] = await inbox.list();
    const since = async (time: number) => (await fetch(`${inbox.url}/api/messages?since=${time}`)).json();
    expect(await since(receivedAt)).toHaveLength(1);
    expect(await since(receivedAt + 1)).toEqual([]);
  });
});

test('the page template escapes every value', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const { html: page } = html`<a title="${value}">${[value, html`<b>${value}</b>`]}</a>`;
      const inside = page.replaceAll(/<a title="[^"]*">|<b>|<\/b>|<\/a>/g, '');
      expect(inside).not.toMatch(/[<>"']/);
    }),
  );
});

/** fetch does not let a test choose the Host header. */
async function statusFor({ ports }: TestInbox, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port: ports.http,
      path: '/healthz',
      setHost: false,
      headers: host === '' ? {} : { host },
    });
    sent.on('response', (response) => {
      readText(response).then(() => resolve(response.statusCode), reject);
    });
    sent.on('error', reject).end();
  });
}
