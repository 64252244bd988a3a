import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { pino } from 'pino';
import { openInbox } from '../../demo/inbox/inbox.ts';
import type { Message, MessageSummary } from '../../demo/inbox/message.ts';

/** A real inbox on free ports. */
export interface TestInbox {
  readonly directory: string;
  readonly url: string;
  readonly ports: { readonly smtp: number; readonly http: number };
  /** By a real mail client. */
  readonly mail: (mail: SendMailOptions) => Promise<void>;
  /** Posts to the webhook's right address. */
  readonly slack: (payload: unknown) => Promise<Response>;
  readonly list: () => Promise<readonly MessageSummary[]>;
  readonly read: (id: string) => Promise<Message>;
  readonly close: () => Promise<void>;
}

export async function startInbox(): Promise<TestInbox> {
  const directory = mkdtempSync(join(tmpdir(), 'lookout-inbox-'));
  const webhookFile = join(directory, 'webhook');
  const inbox = await openInbox(
    {
      smtp: { host: '127.0.0.1', port: 0 },
      http: { host: '127.0.0.1', port: 0 },
      directory: join(directory, 'messages'),
      webhookFile,
      timezone: 'Europe/Berlin',
      startPage: 'http://127.0.0.1:19300/',
    },
    { log: pino({ enabled: false }), now: Date.now },
  );
  const url = `http://127.0.0.1:${inbox.ports.http}`;
  writeFileSync(webhookFile, `${url}/services/T000/B000/right\n`);
  const transport = createTransport({ host: '127.0.0.1', port: inbox.ports.smtp, ignoreTLS: true });
  const get = async <Body>(path: string) => (await (await fetch(`${url}${path}`)).json()) as Body;
  return {
    directory,
    url,
    ports: inbox.ports,
    mail: async (mail) => {
      await transport.sendMail({ from: 'Lookout <lookout@lookout.test>', to: 'operator@lookout.test', ...mail });
    },
    slack: (payload) => fetch(`${url}/services/T000/B000/right`, { method: 'POST', body: JSON.stringify(payload) }),
    list: () => get('/api/messages'),
    read: (id) => get(`/api/messages/${id}`),
    close: async () => {
      transport.close();
      await inbox.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
