import { alertPath, resendDelay } from '../../checks/watchdog.ts';
import { whereFrom } from '../../credentials/values.ts';
import type { Platform } from '../platform.ts';
import type { Address, PartState } from '../types.ts';
import { askAlerts, askTold } from './alerts.ts';
import { whenAnswering } from './ask.ts';
import { askMessages } from './messages.ts';
import { askSeries, series as noSeries } from './series.ts';
import { askSilences } from './silences.ts';
import { askTargets } from './targets.ts';
import { backupViews, certificateViews, volumeViews } from './things.ts';
import type { CredentialView, LocalStatus } from './types.ts';
import { verdict } from './verdict.ts';

/** Asks every part at once; one that does not answer leaves its section empty and shows as a part. */
export async function gatherStatus(platform: Platform): Promise<LocalStatus> {
  const { stack, clients, supervisor, incidents } = platform;
  const { prometheus, alertmanager } = clients;
  const now = platform.now();
  const parts = supervisor.states();
  const told = await whenAnswering(() => askTold(alertmanager), null);
  const [alerts, targets, series, silences, messages, current] = await Promise.all([
    whenAnswering(() => askAlerts(prometheus, told ?? []), []),
    whenAnswering(() => askTargets(prometheus), []),
    whenAnswering(() => askSeries(prometheus, stack.namespace), noSeries([])),
    whenAnswering(() => askSilences(alertmanager, told ?? []), []),
    askMessages(stack, clients.inbox),
    incidents === null ? null : whenAnswering(() => incidents.current(), null),
  ]);
  const evidence = { series, alerts, now };
  const found = {
    parts,
    alertPath: alertPath(told, { now, since: ableSince(parts), repeat: resendDelay / stack.pace }),
    alerts,
    targets,
    backups: backupViews(stack, evidence),
    volumes: volumeViews(stack, evidence),
    certificates: certificateViews(stack, evidence),
    silences,
  };
  return {
    stack: stack.name,
    timezone: stack.timezone,
    now,
    startedAt: platform.startedAt,
    state: platform.paths.state,
    verdict: verdict(found),
    notes: platform.notes,
    ...found,
    supervisor: { pid: process.pid, residentBytes: process.memoryUsage.rss() },
    messages,
    incidents: incidents === null ? null : { list: incidents.list, current },
    addresses: addresses(platform, parts),
    credentials: credentials(platform),
  };
}

/** Since when Prometheus and Alertmanager are both there, so that the alert path could work; null while they are not. */
function ableSince(parts: readonly PartState[]): number | null {
  const times = ['prometheus', 'alertmanager'].map((name) => parts.find((part) => part.name === name)?.healthyAt);
  return times.includes(null) || times.includes(undefined) ? null : Math.max(...times.map(Number));
}

function addresses({ stack }: Platform, parts: readonly PartState[]): readonly Address[] {
  const page = { title: 'Start page', address: `http://${stack.local?.startPage}/` };
  return [
    page,
    ...parts.flatMap((part) =>
      part.addresses.map(({ title, address }) => ({ title: `${part.title}: ${title}`, address })),
    ),
  ];
}

function credentials({ stack, paths }: Platform): readonly CredentialView[] {
  const vault = { directory: paths.credentials, env: {} };
  return Object.entries(stack.secrets).map(([name, reference]) => ({ name, place: whereFrom(name, reference, vault) }));
}
