import type { Stack } from '../../stack/types.ts';
import type { Check, CheckContext, Finding } from './check.ts';
import { json, prometheusData, type Service } from './service.ts';

/** An object that an operator is to read, as the cluster has it. */
export interface OperatedObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** It is missing, or another than was built. */
  readonly fault: string | undefined;
  /** What keeps it from being taken: no program selects it, an operator rejected it; undefined: nothing is known. */
  readonly obstacle: string | undefined;
}

export const objectsTaken: Check = {
  name: 'objects-taken',
  title: 'every object for an operator is in what Prometheus, Alertmanager and Grafana run',
  impossible: ({ cluster }) =>
    cluster?.flavour === 'operator' ? undefined : 'no operator reads objects of this stack',
  run: async (context) => {
    const [objects, taken] = await Promise.all([context.operated(), inForce(context)]);
    return objects.map((object) => judge(object, context.stack, taken));
  },
};

function judge(object: OperatedObject, stack: Stack, taken: readonly string[]): Finding {
  const { kind, namespace, name, fault, obstacle } = object;
  const subject = `${kind} ${namespace}/${name}`;
  if (fault !== undefined) return { ok: false, subject, evidence: fault };
  // Grafana's login is not ours: only what its operator says is seen.
  if (kind.startsWith('Grafana'))
    return { ok: obstacle === undefined, subject, evidence: obstacle ?? 'its operator says nothing against it' };
  const program = kind === 'AlertmanagerConfig' ? 'alertmanager' : 'prometheus';
  if (!isReached(stack, program)) {
    const evidence = obstacle ?? 'nothing speaks against it; whether it is in force is not seen from here';
    return { ok: obstacle === undefined, remark: true, subject, evidence };
  }
  if (taken.includes(subject)) return { ok: true, subject, evidence: 'in force' };
  const evidence = obstacle ?? 'not in force yet: an operator and its reloader need up to two minutes';
  return { ok: false, subject, evidence };
}

/**
 * The objects that the running programs name in their configuration, by the names that prometheus-operator gives there. Source:
 * prometheus-operator, `pkg/prometheus/promcfg.go`, `pkg/operator/rules.go` and `pkg/alertmanager/amcfg.go`.
 */
async function inForce({ stack, prometheus, alertmanagers }: CheckContext): Promise<readonly string[]> {
  const asked = [
    ...(isReached(stack, 'prometheus') ? [scraped(prometheus), evaluated(prometheus)] : []),
    ...(isReached(stack, 'alertmanager') ? alertmanagers.map(routed) : []),
  ];
  return (await Promise.all(asked)).flat();
}

function isReached({ cluster }: Stack, component: 'prometheus' | 'alertmanager'): boolean {
  return cluster?.components[component].kind !== 'none';
}

const pools: Readonly<Record<string, string>> = {
  serviceMonitor: 'ServiceMonitor',
  scrapeConfig: 'ScrapeConfig',
  probe: 'Probe',
};

/** `serviceMonitor/shop/lookout-exporter/0`. */
async function scraped(prometheus: Service): Promise<readonly string[]> {
  const { scrapePools } = await prometheusData<{ scrapePools: readonly string[] }>(prometheus, '/api/v1/scrape_pools');
  return scrapePools.map((pool) => {
    const [kind = '', namespace, name] = pool.split('/');
    return `${pools[kind]} ${namespace}/${name}`;
  });
}

/** `/etc/prometheus/rules/prometheus-main-rulefiles-0/shop-lookout-backups-<uid>.yaml`. */
async function evaluated(prometheus: Service): Promise<readonly string[]> {
  const { groups } = await prometheusData<{ groups: readonly { file: string }[] }>(prometheus, '/api/v1/rules');
  return groups.flatMap(({ file }) => {
    const [, namespace, name] =
      /\/([^/]+)-(lookout-[a-z-]+?)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.yaml$/.exec(file) ?? [];
    return name === undefined ? [] : [`PrometheusRule ${namespace}/${name}`];
  });
}

/** `shop/lookout/operators`. */
async function routed(alertmanager: Service): Promise<readonly string[]> {
  const receivers = await json<readonly { name: string }[]>(alertmanager, '/api/v2/receivers');
  return receivers.map(({ name }) => `AlertmanagerConfig ${name.split('/').slice(0, 2).join('/')}`);
}
