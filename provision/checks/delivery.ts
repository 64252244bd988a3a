import { testLabel } from '../../notifications/types.ts';
import { environmentLabel } from '../../stack/types.ts';
import type { Check, CheckContext, Finding } from './check.ts';
import { json, type Service } from './service.ts';

/** Milliseconds that a message may take besides Alertmanager's own waits. */
const patience = 20_000;
const pause = 500;

/** What the inbox tells of a message. */
interface Arrived {
  readonly kind: 'mail' | 'slack';
  readonly title: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** One integration of the receivers, and how its delivery is seen. */
interface Route {
  readonly kind: 'mail' | 'slack';
  /** Alertmanager's name of the integration, as in its metrics. */
  readonly integration: 'email' | 'slack';
  readonly to: string;
  readonly viaInbox: boolean;
}

/**
 * One test alert, marked by a nonce, goes to every receiver and is resolved again. The inbox shows the message itself; of a
 * receiver outside, Alertmanager's counters show that its server took it.
 */
export const delivery: Check = {
  name: 'delivery',
  title: 'a test message is delivered to each receiver',
  asks: ['alertmanager'],
  delivers: true,
  impossible: ({ alertmanager }) =>
    alertmanager.email === null && alertmanager.slack === null ? 'no receiver is declared' : undefined,
  run: async (context) => {
    const routes = declaredRoutes(context);
    const before = await counters(context.alertmanagers);
    await post(context, 'firing');
    const findings = await Promise.all(routes.map((route) => awaited(route, context, before)));
    await post(context, 'resolved');
    return findings;
  },
};

function declaredRoutes({ stack }: CheckContext): readonly Route[] {
  const { email, slack } = stack.alertmanager;
  const inbox = stack.local?.inbox ?? null;
  return [
    ...(email === null
      ? []
      : [
          {
            kind: 'mail',
            integration: 'email',
            to: email.to.join(', '),
            viaInbox: email.smarthost === inbox?.smtp,
          } as const,
        ]),
    ...(slack === null
      ? []
      : [
          {
            kind: 'slack',
            integration: 'slack',
            to: slack.channel,
            viaInbox: inbox !== null && stack.secrets[slack.webhook]?.kind === 'generate',
          } as const,
        ]),
  ];
}

/** To every Alertmanager, as Prometheus does: they agree on who sends. */
async function post(context: CheckContext, state: 'firing' | 'resolved'): Promise<void> {
  const alert = testAlert(context, state);
  await Promise.all(context.alertmanagers.map((alertmanager) => postTo(alertmanager, alert)));
}

async function postTo(alertmanager: Service, alert: object): Promise<void> {
  const response = await alertmanager.request('/api/v2/alerts', { method: 'POST', body: [alert] });
  if (!response.ok)
    throw new Error(
      `${alertmanager.title} answered ${response.status} to the test alert: ${(await response.text()).slice(0, 200)}`,
    );
}

function testAlert({ stack, nonce, now }: CheckContext, state: 'firing' | 'resolved'): object {
  const end = state === 'firing' ? now() + 10 * 60_000 : now();
  return {
    labels: {
      alertname: 'LookoutTest',
      severity: 'critical',
      namespace: stack.namespace,
      [environmentLabel]: stack.name,
      [testLabel]: nonce,
    },
    annotations: {
      summary: 'test message',
      detail: 'nothing is wrong',
      description: 'This is a test of the way from Alertmanager to you. Somebody asked for it; nothing is wrong.',
      action: 'Nothing: that you read this is the proof.',
      object: 'namespace',
    },
    endsAt: new Date(end).toISOString(),
  };
}

async function awaited(route: Route, context: CheckContext, before: ReadonlyMap<string, number>): Promise<Finding> {
  const { stack, now, sleep } = context;
  const subject = `${route.kind} to ${route.to}`;
  const started = now();
  const deadline = started + stack.intervals.groupWait * 1000 + patience;
  for (;;) {
    const evidence = route.viaInbox ? await inInbox(route, context) : await takenByServer(route, context, before);
    if (evidence.ok)
      return { ok: true, subject, evidence: `${evidence.text} after ${((now() - started) / 1000).toFixed(1)} s` };
    if (now() > deadline) return { ok: false, subject, evidence: evidence.text };
    await sleep(pause);
  }
}

interface Evidence {
  readonly ok: boolean;
  readonly text: string;
}

async function inInbox({ kind }: Route, { inbox, nonce }: CheckContext): Promise<Evidence> {
  if (inbox === null) return { ok: false, text: 'the stack has no inbox' };
  const messages = await json<readonly Arrived[]>(inbox, '/api/messages');
  const found = messages.find((message) => message.kind === kind && message.labels[testLabel] === nonce);
  return found === undefined ? { ok: false, text: 'not in the inbox' } : { ok: true, text: `"${found.title}" arrived` };
}

async function takenByServer(
  { integration }: Route,
  { alertmanagers }: CheckContext,
  before: ReadonlyMap<string, number>,
): Promise<Evidence> {
  const after = await counters(alertmanagers);
  const grown = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  const failed = grown(`failed ${integration}`);
  if (grown(`asked ${integration}`) > failed) return { ok: true, text: 'the server took it' };
  return failed > 0
    ? { ok: false, text: `${failed} attempts failed; the log of Alertmanager has the server's answer` }
    : { ok: false, text: 'Alertmanager has not sent it' };
}

/**
 * Alertmanager's own counts by integration: `asked email`, every request to a mail server, and `failed email`, those that it
 * did not take; of several together. (`alertmanager_notifications_total` counts a message before anyone took it.)
 */
async function counters(alertmanagers: readonly Service[]): Promise<ReadonlyMap<string, number>> {
  const texts = await Promise.all(alertmanagers.map(async (each) => (await each.request('/metrics')).text()));
  const lines = texts
    .join('\n')
    .matchAll(/^alertmanager_notification_requests_(failed_)?total\{integration="(\w+)"[^}]*\} (\S+)$/gm);
  const counts = new Map<string, number>();
  for (const [, failed, integration = '', value] of lines) {
    const key = `${failed === undefined ? 'asked' : 'failed'} ${integration}`;
    counts.set(key, (counts.get(key) ?? 0) + Number(value));
  }
  return counts;
}
