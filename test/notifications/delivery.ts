import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { type Inbox, openInbox } from '../../demo/inbox/inbox.ts';
import type { Message, MessageSummary } from '../../demo/inbox/message.ts';
import { alertmanagerFiles } from '../../notifications/index.ts';
import type { AlertFacts } from '../../notifications/types.ts';
import type { Stack } from '../../stack/types.ts';
import type { Generation } from '../support/programs.ts';

/** A real Alertmanager over our configuration, delivering to our real inbox. */
export interface Delivery {
  /** Sends alerts to Alertmanager's API, as Prometheus does. */
  readonly post: (alerts: readonly PostedAlert[]) => Promise<void>;
  /** The message that a summary describes, as soon as it has arrived. */
  readonly arrived: (wanted: (message: MessageSummary) => boolean) => Promise<Message>;
  readonly messages: () => Promise<readonly MessageSummary[]>;
  /** Body of `GET /api/v2<path>`. */
  readonly api: <Body>(path: string) => Promise<Body>;
  readonly close: () => Promise<void>;
}

export interface PostedAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly startsAt?: string;
  readonly endsAt?: string;
}

/** Messages go out at once: what is tested is what they say, not when. */
const hasty = { groupWait: 0.1, groupInterval: 0.2, collection: 0.1 };

/** `heartbeat`: the URL that the secret `heartbeat-url` holds. `files`: what Alertmanager reads. */
export async function startDelivery(
  generation: Generation,
  base: Stack,
  facts: AlertFacts,
  heartbeat = 'http://127.0.0.1:9/',
  files = alertmanagerFiles,
): Promise<Delivery> {
  const directory = mkdtempSync(join(tmpdir(), 'lookout-delivery-'));
  const inbox = await openInbox(
    {
      smtp: { host: '127.0.0.1', port: 0 },
      http: { host: '127.0.0.1', port: 0 },
      directory: join(directory, 'inbox'),
      webhookFile: join(directory, 'alertmanager/credentials/slack-webhook'),
      timezone: base.timezone,
      startPage: null,
    },
    { log: pino({ enabled: false }), now: Date.now },
  );
  const stack = withInbox(base, inbox);
  for (const { path, content } of files(stack, facts)) write(join(directory, path), content);
  const credentials = join(directory, 'alertmanager/credentials');
  write(join(credentials, 'slack-webhook'), `http://127.0.0.1:${inbox.ports.http}/services/T000/B000/aaaabbbbcccc`);
  write(join(credentials, 'heartbeat-url'), heartbeat);
  const { child, address } = await startAlertmanager(generation, join(directory, 'alertmanager'), stack.timezone);
  return {
    post: (alerts) => post(address, alerts),
    arrived: (wanted) => arrived(inbox, wanted),
    messages: () => json(`http://127.0.0.1:${inbox.ports.http}/api/messages`),
    api: (path) => json(`http://${address}/api/v2${path}`),
    close: async () => {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
      await inbox.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

function withInbox(stack: Stack, { ports }: Inbox): Stack {
  const { alertmanager } = stack;
  const email = { from: 'lookout@lookout.test', to: ['operator@lookout.test'], user: null, password: null, tls: false };
  return {
    ...stack,
    intervals: { ...stack.intervals, ...hasty },
    alertmanager: { ...alertmanager, email: { ...email, smarthost: `127.0.0.1:${ports.smtp}` } },
  };
}

/** In the configuration's directory and the stack's zone, as the local platform does. */
async function startAlertmanager(
  { alertmanager }: Generation,
  cwd: string,
  timezone: string,
): Promise<{ child: ChildProcess; address: string }> {
  const child = spawn(
    alertmanager,
    [
      '--config.file=alertmanager.yml',
      '--storage.path=data',
      '--web.listen-address=127.0.0.1:0',
      '--cluster.listen-address=',
    ],
    { cwd, env: { ...process.env, TZ: timezone }, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`${alertmanager} ended:\n${log}`)));
    child.stderr.on('data', (chunk: Buffer) => {
      log += chunk.toString();
      const address = /msg="?Listening on"? address=(\S+)/.exec(log)?.[1];
      if (address !== undefined) resolve({ child, address });
    });
  });
}

async function post(address: string, alerts: readonly PostedAlert[]): Promise<void> {
  const response = await fetch(`http://${address}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alerts),
  });
  if (!response.ok) throw new Error(`Alertmanager refused the alerts: ${response.status} ${await response.text()}`);
}

/** Waits as long as the test may take; vitest ends it with the test's name. */
async function arrived({ ports }: Inbox, wanted: (message: MessageSummary) => boolean): Promise<Message> {
  const base = `http://127.0.0.1:${ports.http}/api/messages`;
  for (;;) {
    const found = (await json<readonly MessageSummary[]>(base)).find(wanted);
    if (found !== undefined) return json(`${base}/${found.id}`);
    await sleep(50);
  }
}

async function json<Body>(url: string): Promise<Body> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as Body;
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
