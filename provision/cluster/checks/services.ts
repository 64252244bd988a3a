import type { Stack } from '../../../stack/types.ts';
import { basic, basicDefault, bearerDefault, httpService, prometheusData, type Service } from '../../checks/service.ts';
import type { Data } from '../credentials/stored.ts';
import type { Grafana } from '../grafana/client.ts';
import type { Reach } from './reach.ts';

const patience = 10_000;

/** Prometheus as Lookout's user. */
export function prometheusService(stack: Stack, reach: Reach, values: Data): Promise<Service> {
  return byPassword('Prometheus', stack.prometheus, reach, values);
}

export function alertmanagerService(stack: Stack, reach: Reach, values: Data): Promise<Service> {
  return byPassword('Alertmanager', stack.alertmanager, reach, values);
}

async function byPassword(
  title: string,
  { address, user, password }: Stack['prometheus'] | Stack['alertmanager'],
  reach: Reach,
  values: Data,
): Promise<Service> {
  const authorizations = { ours: () => basic(user, values[password] ?? ''), default: basicDefault };
  return httpService(title, await reach.base(address), authorizations);
}

/** The exporter as Prometheus. */
export async function exporterService(stack: Stack, reach: Reach, values: Data): Promise<Service> {
  const ours = () => `Bearer ${values[stack.exporter.token] ?? ''}`;
  return httpService('exporter', await reach.base(stack.exporter.address), { ours, default: bearerDefault });
}

/** What the exporter answers to a scrape with this token. */
export async function exporterStatus({ exporter }: Stack, reach: Reach, token: string): Promise<number> {
  return statusOf(`${await reach.base(exporter.address)}/prometheus`, `Bearer ${token}`);
}

/** What Prometheus or Alertmanager answers to this password. */
export async function passwordStatus(
  stack: Stack,
  reach: Reach,
  component: 'prometheus' | 'alertmanager',
  password: string,
): Promise<number> {
  const { address, user } = stack[component];
  return statusOf(`${await reach.base(address)}/-/healthy`, basic(user, password));
}

async function statusOf(url: string, authorization: string): Promise<number> {
  const response = await fetch(url, { headers: { authorization }, signal: AbortSignal.timeout(patience) });
  await response.body?.cancel();
  return response.status;
}

/** Base URL of Grafana's API, below its sub-path. */
export async function grafanaBase({ cluster }: Stack, reach: Reach): Promise<string> {
  if (cluster === null) throw new Error('Grafana is reached in a cluster only');
  const { address, exposure } = cluster.grafana;
  return `${await reach.base(address)}${exposure.kind === 'none' ? '' : exposure.path}`;
}

export async function grafanaLogin(stack: Stack, reach: Reach, values: Data): Promise<Grafana> {
  const { user = '', password = '' } = stack.cluster?.grafana ?? {};
  return { base: await grafanaBase(stack, reach), user, password: values[password] ?? '' };
}

/** Whether Prometheus has scraped every target of a job after that moment (milliseconds since the epoch), with success. */
export async function isScraped(prometheus: Service, job: string, after: number): Promise<boolean> {
  const { activeTargets } = await prometheusData<{ activeTargets: readonly Target[] }>(
    prometheus,
    '/api/v1/targets?state=active',
  );
  const found = activeTargets.filter(({ labels }) => labels['job'] === job);
  return found.length > 0 && found.every((each) => each.health === 'up' && Date.parse(each.lastScrape) > after);
}

/** Source: Prometheus documentation, "HTTP API", targets. */
interface Target {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: string;
  readonly lastScrape: string;
}
