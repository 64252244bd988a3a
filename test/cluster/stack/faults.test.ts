import { hashSync } from 'bcryptjs';
import { beforeAll, describe, expect, test } from 'vitest';
import { breaking, type Mend } from './break.ts';
import { failures, livingStack } from './living.ts';

const living = livingStack();
const { changeFile, changeSecret, refuse, restart, retell, setGrafana, silentExporter, without } = breaking(
  living.namespace,
);
const minutes = 60_000;

/** One thing that is broken, and put back after it. */
interface Fault {
  readonly what: string;
  /** The checks that see it, and no other; more than one where a file is not what was built, which `configuration-applied` tells. */
  readonly seen: readonly string[];
  /** What the evidence tells. */
  readonly evidence: RegExp;
  /** Breaks it and gives how to mend it. */
  readonly breakIt: () => Mend;
  readonly deliver?: boolean;
}

const faults: readonly Fault[] = [
  {
    what: 'an empty line at the end of a credential',
    seen: ['credentials-private'],
    evidence: /grafana-secret-key: has a line break/,
    breakIt: () => changeSecret('grafana-secret-key', (value) => `${value}\n`),
  },
  {
    what: 'a default password that Prometheus takes too',
    seen: ['web-authentication'],
    evidence: /Prometheus with admin\/admin: answered 200, expected 401/,
    breakIt: () => changeSecret('prometheus-web', (yaml) => `${yaml}  admin: ${hashSync('admin', 4)}\n`),
  },
  {
    what: 'a known token that the exporter takes too',
    seen: ['scrape-authentication'],
    evidence: /with a wrong token: answered 200, expected 401/,
    breakIt: () => changeSecret('scrape-tokens', (token) => `${token}\nadmin`),
  },
  {
    what: 'a target that does not answer',
    seen: ['targets-up'],
    evidence: /target lookout-exporter: down/,
    breakIt: silentExporter,
  },
  {
    what: 'a file of Grafana that somebody has edited',
    seen: ['configuration-applied'],
    evidence: /1 of \d+ differ: lookout-grafana\/provisioning\.dashboards/,
    breakIt: () => changeFile('lookout-grafana', 'provisioning.dashboards.lookout.yaml', (text) => `${text}# edited\n`),
  },
  {
    what: 'a dashboard that is another one',
    seen: ['configuration-applied', 'grafana-dashboards'],
    evidence: /1 of \d+ differ: lookout-grafana\/dashboards/,
    breakIt: () =>
      changeFile('lookout-grafana', 'dashboards.lookout-backups.json', (text) => text.replace('"Backups"', '"Mine"')),
  },
  {
    what: 'a Grafana that lets everybody in',
    seen: ['grafana-authentication'],
    evidence: /Grafana without a password: answered 200, expected 401/,
    breakIt: () => setGrafana('GF_AUTH_ANONYMOUS_ENABLED', 'true', 'false'),
  },
  {
    what: 'a network that lets Grafana not through to Prometheus',
    seen: ['grafana-datasources'],
    evidence: /data source Lookout: (.*\(HTTP 400\)|Grafana still waits)/,
    breakIt: () => refuse('lookout-grafana-0', 9090),
  },
  {
    what: 'a receiver that Alertmanager does not know',
    seen: ['configuration-applied', 'alert-path'],
    evidence: /receiver operators: not loaded/,
    breakIt: () =>
      changeFile('lookout-alertmanager', 'alertmanager.yml', (yaml) => yaml.replaceAll(/: "?operators"?$/gm, ': mine')),
  },
  {
    what: 'a network that lets no alert through to Alertmanager, which has lost those that it had',
    seen: ['watchdog'],
    evidence: /Watchdog in Alertmanager: not received/,
    breakIt: () => {
      const mend = refuse('lookout-prometheus-0', 9093, 'POST /api/v2/alerts');
      restart('lookout-alertmanager-0');
      return mend;
    },
  },
  {
    what: 'an application that names a metric otherwise',
    seen: ['panels-have-data'],
    evidence: /panel Application overview \/ In flight: no series: there is no metric app:http_requests_in_flight:sum/,
    breakIt: () =>
      retell('deployment/shop', "(text) => text.replaceAll('http_requests_in_flight', 'http_requests_now')"),
  },
  {
    what: 'an exporter that does not tell what an alert reads',
    seen: ['alerts-have-series'],
    evidence: /alert CollectorFailing: no series: there is no metric lookout_collector_last_success_timestamp_seconds/,
    breakIt: () =>
      retell(
        'daemonset/lookout-exporter-node',
        "(text) => text.replaceAll('lookout_collector_last_success_', 'lookout_collector_latest_success_')",
      ),
  },
  {
    what: 'a receiver that takes no mail',
    seen: ['delivery'],
    evidence:
      /mail to operator@lookout\.test: .*attempts failed|mail to operator@lookout\.test: Alertmanager has not sent it/,
    deliver: true,
    breakIt: () => without('inbox'),
  },
];

beforeAll(async () => {
  await living.run(['apply', living.environment()]);
  await living.untilWell();
}, 5 * minutes);

describe('a fault is seen by its check alone', () => {
  const sees = async ({ seen, evidence, deliver = false }: Omit<Fault, 'breakIt'>) => {
    const failed = await living.untilFailed(seen, ...(deliver ? ['--deliver'] : []));
    expect(Object.keys(failed), JSON.stringify(failed, null, 2)).toEqual(seen);
    expect(Object.values(failed).flat().join('\n')).toMatch(evidence);
  };

  test.each(faults)('$what', { timeout: 5 * minutes }, async ({ breakIt, ...fault }) => {
    const mend = breakIt();
    try {
      await sees(fault);
    } finally {
      mend();
    }
    await living.untilWell();
  });

  test('a claim that is not there', async () => {
    const other = (yaml: string) =>
      yaml.replace('grafana: {storage: {size: 64Mi}}', 'grafana: {storage: {claim: other}}');
    const failed = await living.withEnvironment(other, async () => failures(await living.verify()));
    expect(failed).toEqual({ 'claims-bound': ['claim other: there is no such claim'] });
  });

  test('a retention that is not in force', async () => {
    const longer = (yaml: string) => yaml.replace('prometheus: {', 'prometheus: {retention: {time: 20d}, ');
    const failed = await living.withEnvironment(longer, async () => failures(await living.verify()));
    expect(failed).toEqual({ persistence: ['retention: 15d, expected 20d'] });
  });

  test('nothing at all: a stack that was never applied is not well', async () => {
    const other = (yaml: string) => yaml.replace(/(cluster: .*namespace: )[\w-]+/, '$1default');
    const failed = await living.withEnvironment(other, async () => failures(await living.verify()));
    expect(Object.keys(failed).length).toBeGreaterThan(8);
  });

  // The last one: what a rule reads of the last minutes stays wrong for as long.
  test('an application whose metric has the name of a recorded one', { timeout: 5 * minutes }, async () => {
    const series = 'backup:retention_floor:count{backup="shop-database"} 9';
    retell('deployment/shop', `(text) => ${JSON.stringify(`${series}\n`)} + text`);
    await sees({ what: '', seen: ['rules-healthy'], evidence: /found duplicate series for the match group/ });
  });
});
