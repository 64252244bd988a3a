import type { Report } from './checks.ts';
import { child, type Node, nodeAt, type Path, textAt } from './tree.ts';

/** Whether mail and Slack have all that they need, which a cluster and a machine with an inbox see differently. */
export function checkReceivers(root: Node, report: Report): void {
  const cluster = textAt(root, ['platform']) === 'kubernetes';
  const email = nodeAt(root, ['alertmanager', 'email']);
  const slack = nodeAt(root, ['alertmanager', 'slack']);
  if (email?.kind === 'map') mail(email, cluster, report);
  if (slack?.kind === 'map' && cluster && !slack.entries.has('webhook')) {
    report(['alertmanager', 'slack', 'webhook'], 'missing: only platform local has an inbox that takes its place');
  }
  if (slack?.kind === 'map' && (cluster || slack.entries.has('webhook')) && !slack.entries.has('channel')) {
    report(['alertmanager', 'slack', 'channel'], 'missing; expected a channel such as "#alerts"');
  }
}

function mail(email: Node, cluster: boolean, report: Report): void {
  const at = (key: string): Path => ['alertmanager', 'email', key];
  const has = (key: string): boolean => child(email, key) !== undefined;
  const smarthost = textAt(email, ['smarthost']);
  if (cluster && !has('smarthost')) {
    report(at('smarthost'), 'missing: only platform local has an inbox that takes its place');
  }
  if (cluster || has('smarthost')) {
    for (const key of ['from', 'to']) if (!has(key)) report(at(key), 'missing: a mail server of your own needs it');
  } else {
    for (const key of ['user', 'password', 'tls']) {
      if (has(key)) report(at(key), 'goes with a smarthost only; the inbox takes mail without it');
    }
  }
  if (has('user') !== has('password')) {
    const [missing, present] = has('user') ? ['password', 'user'] : ['user', 'password'];
    report(at(missing), `missing: ${present} is given, and a mail server asks for both or neither`);
  }
  if (textAt(email, ['tls']) === 'false' && smarthost !== undefined && !isLoopback(smarthost)) {
    report(at('tls'), 'mail to another machine is always encrypted; false is for a server on loopback');
  }
}

function isLoopback(smarthost: string): boolean {
  return /^(127\.\d+\.\d+\.\d+|localhost|\[::1\]):\d+$/.test(smarthost);
}
