import { jobs, type SecretName, type Stack } from '../../../../stack/types.ts';
import type { Finding } from '../../../checks/check.ts';
import { query, type Service } from '../../../checks/service.ts';
import { keptCredentials } from '../../checks/credentials.ts';
import {
  type ExporterPods,
  eachPrometheus,
  exporterAddresses,
  exporterStatuses,
  isScraped,
  scrapesByToken,
} from '../../checks/services.ts';
import { exporterFetch } from '../../checks/tls.ts';
import { awaitPrometheus, planOf, wakePods, writtenAt } from './pods.ts';
import { stateOf, until, write, writeNext } from './steps.ts';
import type { Ground, Rotation } from './types.ts';

/**
 * The exporter takes two tokens while Prometheus changes from one to the other, so that no scrape fails: it takes the new one
 * before Prometheus sends it, and the old one until Prometheus no longer does.
 */
export const scrapeRotation: Rotation = {
  name: 'scrape',
  secret: ({ exporter }: Stack) => exporter.token,
  run: async (ground: Ground, secret: SecretName) => {
    const begun = ground.now();
    const { stack, reach, manifests } = ground;
    const { values } = await keptCredentials(ground, stack);
    const prometheuses = eachPrometheus(stack, reach, values);
    const pods = { addresses: exporterAddresses(stack, manifests), reach, send: exporterFetch(stack, values) };
    const tokens = await bothTokens(ground, secret, pods);
    await changeSender(ground, secret, pods, tokens.after);
    await write(ground, secret, { current: tokens.after });
    await wakePods(ground);
    await until(ground, 'the exporter refuses the old token', () => allAnswer(pods, tokens.before, 401));
    ground.tell('promote: the old token is refused');
    return [...(await proofs(pods, tokens)), await scrapes(ground, prometheuses, begun)];
  },
};

/** The token that goes and the one that comes, and how far an earlier run has come. */
async function bothTokens(ground: Ground, secret: SecretName, pods: ExporterPods) {
  const { current, previous } = await stateOf(ground, secret);
  if (previous !== undefined) return { before: previous, after: current };
  const { next } = await writeNext(ground, secret);
  await wakePods(ground);
  await until(ground, 'the exporter takes the new token', () => allAnswer(pods, next, 200));
  ground.tell('change: the exporter takes both tokens');
  await write(ground, secret, { current: next, previous: current });
  return { before: current, after: next };
}

/** The exporter itself tells by which token it is scraped. */
async function changeSender(ground: Ground, secret: SecretName, pods: ExporterPods, after: string): Promise<void> {
  await wakePods(ground);
  const written = await writtenAt(ground.cluster, planOf(ground, secret));
  const counts = () => scrapesByToken(pods, after);
  await awaitPrometheus(ground, written, 'Prometheus sends the new token', () => onlyNew(ground, counts));
  ground.tell('verify: Prometheus sends the new token, and nobody the old one');
}

/** During three scrapes the new token, the second of the file, was used and the old one was not. */
async function onlyNew({ stack, sleep }: Ground, counts: () => Promise<readonly number[]>): Promise<boolean> {
  const before = await counts();
  await sleep(3 * stack.intervals.scrape * 1000);
  const now = await counts();
  return now.length === 2 && now[0] === before[0] && (now[1] ?? 0) > (before[1] ?? 0);
}

async function allAnswer(pods: ExporterPods, token: string, wanted: number): Promise<boolean> {
  const got = await exporterStatuses(pods, token);
  return got.length > 0 && got.every((status) => status === wanted);
}

async function proofs(
  pods: ExporterPods,
  { before, after }: { readonly before: string; readonly after: string },
): Promise<readonly Finding[]> {
  const answered = async (how: string, token: string, wanted: number): Promise<Finding> => {
    const got = await exporterStatuses(pods, token);
    const ok = got.length > 0 && got.every((status) => status === wanted);
    return {
      ok,
      subject: `exporter with the ${how} token`,
      evidence: `answered ${got.join(', ')}, expected ${wanted}`,
    };
  };
  return [await answered('new', after, 200), await answered('old', before, 401)];
}

/** The next scrape after the change succeeds, and none has failed since it began. */
async function scrapes(ground: Ground, prometheuses: readonly Service[], begun: number): Promise<Finding> {
  const changed = ground.now();
  const targets = { job: jobs.exporter, namespace: ground.stack.namespace };
  await until(ground, 'Prometheus scrapes the exporter again', () => isScraped(prometheuses, targets, changed));
  const seconds = Math.ceil((ground.now() - begun) / 1000) + 1;
  const lowest = `min_over_time(up{job="${targets.job}",namespace="${targets.namespace}"}[${seconds}s])`;
  const series = (await Promise.all(prometheuses.map((each) => query(each, lowest)))).flat();
  const failed = series.filter(({ value }) => value[1] !== '1').length;
  return {
    ok: series.length > 0 && failed === 0,
    subject: 'scrapes of the exporter',
    evidence:
      failed === 0 ? `none has failed in the ${seconds} s of the rotation` : `${failed} targets had a failed scrape`,
  };
}
