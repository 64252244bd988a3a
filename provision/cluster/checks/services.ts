import type { Manifests } from '../../../k8s/types.ts';
import { podAddresses, type ScrapeEndpoint, type SecretName, type Stack } from '../../../stack/types.ts';
import {
  basic,
  basicDefault,
  bearerDefault,
  type Fetch,
  httpService,
  prometheusData,
  type Service,
} from '../../checks/service.ts';
import type { Data } from '../credentials/stored.ts';
import type { Grafana } from '../grafana/client.ts';
import type { Reach } from './reach.ts';
import { exporterFetch } from './tls.ts';

const patience = 10_000;

/** Prometheus as Lookout's user, whichever of several answers. */
export function prometheusService({ prometheus }: Stack, reach: Reach, values: Data): Service {
  return byPassword('Prometheus', prometheus, prometheus.address, reach, values);
}

/** Each Prometheus, and each Alertmanager: several are told apart by the names of their pods. */
export function eachPrometheus({ prometheus }: Stack, reach: Reach, values: Data): readonly Service[] {
  return eachOf('Prometheus', prometheus, reach, values);
}

export function eachAlertmanager({ alertmanager }: Stack, reach: Reach, values: Data): readonly Service[] {
  return eachOf('Alertmanager', alertmanager, reach, values);
}

type Closed = Stack['prometheus'] | Stack['alertmanager'];

function eachOf(title: string, settings: Closed, reach: Reach, values: Data): readonly Service[] {
  return podAddresses(settings).map((address) =>
    byPassword(settings.replicas === 1 ? title : podIn(address), settings, address, reach, values),
  );
}

/** The name before the first dot. */
function podIn(address: string): string {
  return address.split('.')[0] ?? address;
}

function byPassword(title: string, { user, password }: Closed, address: string, reach: Reach, values: Data): Service {
  const ours = () => basic(user, values[password] ?? '');
  return httpService(title, () => reach.base(address), { ours, default: basicDefault });
}

/** Grafana as its admin. */
export function grafanaService(stack: Stack, reach: Reach, values: Data): Service {
  const { user = '', password = '' } = stack.cluster?.grafana ?? {};
  const ours = () => basic(user, values[password] ?? '');
  return httpService('Grafana', () => grafanaBase(stack, reach), { ours, default: basicDefault });
}

/** The exporter as Prometheus. */
export function exporterService(stack: Stack, address: string, reach: Reach, values: Data): Service {
  const title = address.split(/[.:]/)[0] ?? 'exporter';
  return byToken(title, address, stack.exporter.token, reach, values, exporterFetch(stack, values));
}

/** The addresses of the exporter's roles that have something to do. */
export function exporterAddresses({ exporter }: Stack, { objects }: Manifests): readonly string[] {
  const services = new Set(objects.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata.name));
  const addresses = [exporter.address, ...(exporter.node === null ? [] : [exporter.node.address])];
  return addresses.filter((address) => services.has(address.split(/[.:]/)[0] ?? ''));
}

/** An application as Prometheus. */
export function applicationService(
  name: string,
  { address, token }: ScrapeEndpoint,
  reach: Reach,
  values: Data,
): Service {
  return byToken(name, address, token, reach, values);
}

function byToken(
  title: string,
  address: string,
  token: SecretName | null,
  reach: Reach,
  values: Data,
  send?: Fetch,
): Service {
  const ours = () => (token === null ? undefined : `Bearer ${values[token] ?? ''}`);
  return httpService(title, () => reach.base(address), { ours, default: bearerDefault }, send);
}

/** The pods of the exporter, and how each is asked. */
export interface ExporterPods {
  readonly addresses: readonly string[];
  readonly reach: Reach;
  readonly send: Fetch;
}

/** What every pod of the exporter answers to this token; not counted as a scrape. */
export async function exporterStatuses(pods: ExporterPods, token: string): Promise<readonly number[]> {
  return Promise.all((await explanations(pods, token)).map(async ({ status }) => status));
}

/** Scrapes that all pods of the exporter have answered, by each token of their files in its order. */
export async function scrapesByToken(pods: ExporterPods, token: string): Promise<readonly number[]> {
  const counts = await Promise.all((await explanations(pods, token)).map(countsIn));
  return (counts[0] ?? []).map((_, place) => counts.reduce((sum, each) => sum + (each[place] ?? 0), 0));
}

async function explanations({ addresses, reach, send }: ExporterPods, token: string): Promise<readonly Response[]> {
  const bases = (await Promise.all(addresses.map(reach.pods))).flat();
  const headers = { authorization: `Bearer ${token}` };
  return Promise.all(bases.map((base) => send(`${base}/explain`, { headers, signal: AbortSignal.timeout(patience) })));
}

async function countsIn(response: Response): Promise<readonly number[]> {
  if (!response.ok) throw new Error(`the exporter answered ${response.status} to /explain`);
  return ((await response.json()) as { readonly scrapesByToken: readonly number[] }).scrapesByToken;
}

/** What each Prometheus or Alertmanager answers to this password. */
export function passwordStatuses(
  stack: Stack,
  reach: Reach,
  component: 'prometheus' | 'alertmanager',
  password: string,
): Promise<readonly number[]> {
  const settings = stack[component];
  const asked = podAddresses(settings).map(async (address) =>
    statusOf(`${await reach.base(address)}/-/healthy`, basic(settings.user, password)),
  );
  return Promise.all(asked);
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

interface Targets {
  readonly job: string;
  readonly namespace: string;
}

/**
 * Whether each Prometheus has scraped every target of a job in that namespace after that moment (milliseconds since the epoch),
 * with success.
 */
export async function isScraped(prometheuses: readonly Service[], targets: Targets, after: number): Promise<boolean> {
  const scraped = await Promise.all(prometheuses.map((each) => isScrapedBy(each, targets, after)));
  return scraped.every(Boolean);
}

async function isScrapedBy(prometheus: Service, { job, namespace }: Targets, after: number): Promise<boolean> {
  const { activeTargets } = await prometheusData<{ activeTargets: readonly Target[] }>(
    prometheus,
    '/api/v1/targets?state=active',
  );
  const found = activeTargets.filter(({ labels }) => labels['job'] === job && labels['namespace'] === namespace);
  return found.length > 0 && found.every((each) => each.health === 'up' && Date.parse(each.lastScrape) > after);
}

/** Source: Prometheus documentation, "HTTP API", targets. */
interface Target {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: string;
  readonly lastScrape: string;
}
