import type { AlertPath } from '../checks/watchdog.ts';
import { type ClusterStatus, clusterStatus, type TargetView } from '../cluster/checks/status.ts';
import { paint } from '../local/announce.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { inCluster } from './in-cluster.ts';

/** `lookout status` of a stack in a cluster: workloads, claims, targets, alerts and where credentials are. */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  return inCluster(input, shell, async (stack) => {
    const status = await clusterStatus(stack, shell.now());
    if (input.options['json'] === true) shell.print(JSON.stringify(status, null, 2));
    else for (const line of lines(status, shell)) shell.print(line);
    return status.healthy ? 0 : 1;
  });
}

function lines(status: ClusterStatus, shell: Shell): readonly string[] {
  const { stack, workloads, claims, targets, alerts, alertPath, credentials } = status;
  return [
    `${paint(shell, 'bold', stack)}  ${verdict(status, shell)}`,
    '',
    ...workloads.map(({ kind, name, state, reason }) => {
      const text = `${`${kind} ${name}`.padEnd(40)}${state}${reason === '' ? '' : `  ${reason}`}`;
      return paint(shell, state === 'ready' ? 'reset' : 'red', text);
    }),
    ...claims.map(({ name, phase, pods }) => `${`claim ${name}`.padEnd(40)}${claimState(phase, pods)}`),
    '',
    ...(targets === null
      ? [`${unknown('prometheus', status)}: targets and alerts are not known.`]
      : targetLines(targets)),
    pathLine(alertPath, status),
    ...(alerts ?? []).map(
      ({ state, severity, summary, name }) =>
        `${state === 'firing' ? severity.toUpperCase() : 'pending'}  ${summary === '' ? name : summary}`,
    ),
    ...(alerts?.length === 0 ? ['No alert is firing or pending.'] : []),
    '',
    ...credentials.map(({ name, place, problem }) => `Credential   ${name}: ${problem ?? place}`),
  ];
}

/** Of the stack and, apart from that, of what it watches. */
function verdict({ healthy, alerts }: ClusterStatus, shell: Shell): string {
  const firing = (alerts ?? []).filter(({ state }) => state === 'firing').length;
  const watched = firing === 1 ? '1 alert is firing' : `${firing} alerts are firing`;
  if (!healthy) return paint(shell, 'red', `something is wrong with the stack${firing === 0 ? '' : `, ${watched}`}`);
  return firing === 0
    ? paint(shell, 'green', 'everything is well')
    : paint(shell, 'red', `the stack works, ${watched}`);
}

function unknown(component: 'prometheus' | 'alertmanager', { outOfReach }: ClusterStatus): string {
  const name = { prometheus: 'Prometheus', alertmanager: 'Alertmanager' }[component];
  return outOfReach.includes(component)
    ? `${name} is not within reach from here (components.${component} is none)`
    : `${name} does not answer`;
}

function pathLine(path: AlertPath | null, status: ClusterStatus): string {
  if (path === null) return `${unknown('alertmanager', status)}: whether alerts arrive is not known.`;
  if (path.state === 'missing') return `No alert would reach anyone: ${path.reason}.`;
  if (path.state === 'proven') return 'The alert that always fires arrives in Alertmanager.';
  return 'Whether alerts arrive is not known yet: Prometheus or Alertmanager started less than three minutes ago.';
}

function claimState(phase: string | null, pods: readonly string[]): string {
  if (phase === null) return 'there is no such claim';
  return `${phase}${pods.length === 0 ? '' : `, mounted by ${pods.join(', ')}`}`;
}

function targetLines(targets: readonly TargetView[]): readonly string[] {
  const of = (wanted: TargetView['health']) => targets.filter(({ health }) => health === wanted);
  const unscraped = of('unknown').length;
  return [
    `${of('up').length} of ${targets.length} targets up${unscraped === 0 ? '' : `, ${unscraped} not yet scraped`}.`,
    ...of('down').map(({ job, error }) => `down  ${job}: ${error}`),
  ];
}
