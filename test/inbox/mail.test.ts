import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openMailServer } from '../../demo/inbox/mail/server.ts';
import { startInbox, type TestInbox } from './inbox.ts';

describe('mail', () => {
  let inbox: TestInbox;
  beforeAll(async () => {
    inbox = await startInbox();
  });
  afterAll(async () => inbox?.close());

  const received = async (subject: string) => {
    const found = (await inbox.list()).find(({ title }) => title === subject);
    return inbox.read(found!.id);
  };

  test('is there as soon as the sender has its acknowledgement', async () => {
    await inbox.mail({ subject: 'plain', text: 'first line\nsecond' });
    expect(await received('plain')).toMatchObject({
      kind: 'mail',
      sender: 'Lookout',
      recipient: 'operator@lookout.test',
      preview: 'first line second',
      state: null,
      labels: {},
      content: { kind: 'mail', html: null },
    });
  });

  test('says which alert it tells by its headers', async () => {
    await inbox.mail({
      subject: 'told',
      text: 'x',
      headers: {
        'X-Lookout-State': 'firing',
        'X-Lookout-Labels': 'alertname=BackupMissed&backup=a%26b&lookout_test=n1&severity=',
      },
    });
    expect(await received('told')).toMatchObject({
      state: 'firing',
      labels: { alertname: 'BackupMissed', backup: 'a&b', lookout_test: 'n1' },
    });
  });

  test('of another program carries no alert, whatever it calls its state', async () => {
    await inbox.mail({ subject: 'other', text: 'x', headers: { 'X-Lookout-State': 'odd', 'X-Lookout-Labels': 'a=b' } });
    expect(await received('other')).toMatchObject({ state: null, labels: {} });
  });

  test('keeps text, HTML, headers and its source in any language', async () => {
    await inbox.mail({ subject: 'Größe 大', text: 'Größe', html: '<p>Größe &amp; <b>Gewicht</b></p>' });
    const { content, preview, faults } = await received('Größe 大');
    expect(content).toMatchObject({ text: 'Größe\n', html: '<p>Größe &amp; <b>Gewicht</b></p>\n' });
    expect(preview).toBe('Größe & Gewicht');
    expect(content.source).toContain('Content-Type: multipart/alternative');
    expect(faults).toEqual(['The subject is not plain ASCII: some clients show it encoded.']);
  });

  test('that is too large is refused, and said so to the sender', async () => {
    await expect(inbox.mail({ subject: 'large', text: 'x'.repeat(2_000_000) })).rejects.toThrow(/552|exceeds/);
    expect((await inbox.list()).map(({ title }) => title)).not.toContain('large');
  });

  test('needs neither user nor TLS: the server offers none', async () => {
    expect(await talk(inbox.ports.smtp, ['EHLO me', 'QUIT'])).not.toMatch(/AUTH|STARTTLS/);
  });
});

test('a mail whose delivery fails is not acknowledged', async () => {
  const server = await openMailServer({ host: '127.0.0.1', port: 0 }, async () => {
    throw new Error('the disk is full');
  });
  const transport = createTransport({ host: '127.0.0.1', port: server.port, ignoreTLS: true });
  await expect(transport.sendMail({ from: 'a@b.test', to: 'c@d.test', text: 'x' })).rejects.toThrow(/the disk is full/);
  transport.close();
  await server.close();
});

test('a port in use is named', async () => {
  const first = await openMailServer({ host: '127.0.0.1', port: 0 }, async () => {});
  await expect(openMailServer({ host: '127.0.0.1', port: first.port }, async () => {})).rejects.toThrow(
    `could not listen for mail on 127.0.0.1:${first.port}`,
  );
  await first.close();
});

async function talk(port: number, lines: readonly string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  for (const line of lines) socket.write(`${line}\r\n`);
  return text(socket);
}
