import { parse } from 'yaml';
import type { OutputFile } from '../../stack/types.ts';
import type { Check, CheckContext, Finding } from './check.ts';
import { atEach } from './each.ts';
import { prometheusData } from './service.ts';

interface Target {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: string;
  readonly lastError: string;
  readonly scrapeUrl: string;
}

export const targetsUp: Check = {
  name: 'targets-up',
  title: 'every declared target answers its scrape',
  asks: ['prometheus'],
  run: ({ stack, outputs, prometheuses }) =>
    atEach(prometheuses, async (prometheus) => {
      const { activeTargets } = await prometheusData<{ activeTargets: readonly Target[] }>(
        prometheus,
        '/api/v1/targets?state=active',
      );
      const ours = activeTargets.filter(({ labels }) => labels['namespace'] === stack.namespace);
      return builtJobs(outputs).flatMap((job) => judge(job, ours));
    }),
};

function judge(job: string, active: readonly Target[]): readonly Finding[] {
  const targets = active.filter(({ labels }) => labels['job'] === job);
  if (targets.length === 0) return [{ ok: false, subject: `target ${job}`, evidence: 'Prometheus has no such target' }];
  return targets.map(({ health, lastError, scrapeUrl }) => ({
    ok: health === 'up',
    subject: `target ${job}`,
    evidence: health === 'up' ? `up at ${scrapeUrl}` : `${health} at ${scrapeUrl}: ${lastError || 'not yet scraped'}`,
  }));
}

/** The jobs of the built configuration, in order. */
function builtJobs(outputs: readonly OutputFile[]): readonly string[] {
  const file = outputs.find(({ path }) => path === 'prometheus/prometheus.yml');
  if (file === undefined) throw new Error('the build has no prometheus/prometheus.yml');
  const { scrape_configs } = parse(file.content) as { readonly scrape_configs: readonly { job_name: string }[] };
  return scrape_configs.map(({ job_name }) => job_name);
}

export const scrapeAuthentication: Check = {
  name: 'scrape-authentication',
  title: '/prometheus answers 200 with the token and 401 without it',
  run: async (context) => (await Promise.all(protectedEndpoints(context).map(probe))).flat(),
};

function protectedEndpoints({ stack, exporters, applications }: CheckContext) {
  const own = exporters.map((service) => ({ name: service.title, service, path: '/prometheus' }));
  const theirs = stack.applications.flatMap(({ name, metrics }) => {
    const service = applications[name];
    return metrics?.token && service !== undefined ? [{ name, service, path: metrics.path }] : [];
  });
  return [...own, ...theirs];
}

async function probe({ name, service, path }: ReturnType<typeof protectedEndpoints>[number]) {
  const status = async (access: 'ours' | 'none' | 'default') => {
    const response = await service.request(path, { access });
    await response.body?.cancel();
    return response.status;
  };
  const expected = [
    { access: 'none', wanted: 401, how: 'without a token' },
    { access: 'default', wanted: 401, how: 'with a wrong token' },
    { access: 'ours', wanted: 200, how: 'with the token' },
  ] as const;
  return Promise.all(
    expected.map(async ({ access, wanted, how }) => {
      const got = await status(access);
      return { ok: got === wanted, subject: `${name}${path} ${how}`, evidence: `answered ${got}, expected ${wanted}` };
    }),
  );
}
