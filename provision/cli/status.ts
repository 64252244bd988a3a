import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { paint } from '../local/announce.ts';
import { type PageClient, pageClient } from '../local/page-client.ts';
import type { LocalPaths } from '../local/paths.ts';
import { readSelection, statePaths } from '../local/selection.ts';
import type { CredentialView, LocalStatus } from '../local/status/types.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { isInCluster } from './in-cluster.ts';

/** `lookout status`: parts, firing alerts and credential files; 0 when every part is healthy, 1 otherwise or when it is not up. */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const selection = readSelection(input, shell);
  const paths = statePaths(selection, shell);
  const client = pageClient(paths);
  const json = input.options['json'] === true;
  if (client === null && (await isInCluster(input, shell)))
    return (await import('./status-cluster.ts')).run(input, shell);
  if (client === null) {
    if (json)
      shell.print(
        JSON.stringify({ running: false, healthy: false, parts: [], alerts: [], credentials: kept(paths) }, null, 2),
      );
    else shell.report(notUp(paths, selection.environment));
    return 1;
  }
  const status = await client.ask<LocalStatus>('GET', 'api/status');
  const healthy = isHealthy(status);
  if (json) shell.print(JSON.stringify(asJson(status, client, healthy), null, 2));
  else for (const line of lines(status, client, shell)) shell.print(line);
  return healthy ? 0 : 1;
}

function notUp({ state }: LocalPaths, environment: string): string {
  const data = existsSync(state) ? `its data is in ${state}` : `it was never up, there is no ${state}`;
  return `${environment} is not up; ${data}. Start it: lookout up ${environment}`;
}

function isHealthy({ parts, alertPath }: LocalStatus): boolean {
  return parts.every(({ phase }) => phase === 'healthy') && alertPath.state !== 'missing';
}

function asJson(status: LocalStatus, { holder, page }: PageClient, healthy: boolean) {
  return {
    stack: status.stack,
    running: true,
    healthy,
    verdict: status.verdict.sentence,
    page,
    pid: holder.identity.pid,
    since: new Date(holder.since).toISOString(),
    data: status.state,
    parts: status.parts.map(({ name, title, phase, state, reason, pid, restarts, residentBytes, addresses }) => ({
      name,
      title,
      state: phase,
      detail: state,
      reason,
      address: addresses[0]?.address ?? null,
      addresses,
      pid,
      restarts,
      residentBytes,
    })),
    alertPath: status.alertPath,
    alerts: status.alerts,
    targets: status.targets,
    silences: status.silences,
    credentials: status.credentials,
  };
}

function lines(status: LocalStatus, { holder, page }: PageClient, shell: Shell): readonly string[] {
  const { parts, alerts, credentials, verdict, stack, state } = status;
  const good = verdict.mood === 'good' || verdict.mood === 'busy';
  return [
    `${paint(shell, 'bold', stack)}  ${paint(shell, good ? 'green' : 'red', verdict.sentence)}`,
    `${page}  pid ${holder.identity.pid}, since ${new Date(holder.since).toISOString()}`,
    '',
    ...parts.map(({ name, phase, state: words, reason, pid, addresses }) => {
      const text = [
        name.padEnd(13),
        words.padEnd(10),
        String(pid ?? '-').padStart(8),
        addresses[0]?.address ?? '',
      ].join('  ');
      const why = reason === null || words.includes(reason) ? '' : `  ${reason}`;
      return paint(shell, phase === 'healthy' ? 'reset' : 'red', `${text}${why}`.trimEnd());
    }),
    '',
    ...(alerts.length === 0 ? ['No alert is firing or pending.'] : alerts.map(alertLine)),
    '',
    `Data         ${state}`,
    ...credentials.map(({ name, place }) => `Credential   ${name}: ${place}`),
  ];
}

function alertLine({ state, severity, summary, detail, silencedBy, inhibited }: LocalStatus['alerts'][number]): string {
  const quiet = silencedBy.length > 0 ? ' (silenced)' : inhibited ? ' (explained by another)' : '';
  return `${state === 'firing' ? severity.toUpperCase() : 'pending'}  ${summary}${detail === '' ? '' : ` | ${detail}`}${quiet}`;
}

/** The files of generated values that an earlier run has left. */
function kept({ credentials }: LocalPaths): readonly CredentialView[] {
  if (!existsSync(credentials)) return [];
  return readdirSync(credentials).map((name) => ({ name, place: join(credentials, name) }));
}
