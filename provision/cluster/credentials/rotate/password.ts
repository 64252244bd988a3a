import { jobs, type SecretName, type Stack } from '../../../../stack/types.ts';
import type { Finding } from '../../../checks/check.ts';
import { eachPrometheus, grafanaLogin, isScraped, passwordStatuses } from '../../checks/services.ts';
import { dataSourceHealth, reloadDataSources } from '../../grafana/client.ts';
import { storedData } from '../secrets.ts';
import { awaitPrometheus, planOf, replacePods, wakePods, writtenAt } from './pods.ts';
import { stateOf, until, write, writeNext } from './steps.ts';
import type { Ground, Rotation } from './types.ts';

/** Data source of the provisioning files. */
const dataSource = 'lookout-prometheus';

export const prometheusRotation: Rotation = {
  name: 'prometheus',
  secret: ({ prometheus }: Stack) => prometheus.password,
  run: (ground, secret) => rotate(ground, secret, 'prometheus'),
};

export const alertmanagerRotation: Rotation = {
  name: 'alertmanager',
  secret: ({ alertmanager }: Stack) => alertmanager.password,
  run: (ground, secret) => rotate(ground, secret, 'alertmanager'),
};

type Component = 'prometheus' | 'alertmanager';

/**
 * A web configuration holds one password for a user, so old and new cannot be valid together: the Secret changes at one moment,
 * its pods are replaced one after another (their reloader reads the password on its start only), and what asks it is waited for.
 */
async function rotate(ground: Ground, secret: SecretName, component: Component): Promise<readonly Finding[]> {
  const { before, after } = await change(ground, secret);
  await restart(ground, secret, component);
  const answers = (password: string) => passwordStatuses(ground.stack, ground.reach, component, password);
  await until(ground, `${component} takes the new password`, async () =>
    (await answers(after)).every((status) => status === 200),
  );
  const refusals = await answers(before);
  const prometheuses = eachPrometheus(ground.stack, ground.reach, await storedData(ground));
  const changed = ground.now();
  const written = await writtenAt(ground.cluster, planOf(ground, secret));
  await awaitPrometheus(ground, written, `Prometheus scrapes ${component} with it`, () =>
    isScraped(prometheuses, { job: jobs[component], namespace: ground.stack.namespace }, changed),
  );
  if (component === 'prometheus') await untilGrafanaAsks(ground);
  ground.tell(`verify: ${component} and all that ask it have the new password`);
  await write(ground, secret, { current: after });
  ground.tell('promote: the new password is the only one that is kept');
  return [
    { ok: true, subject: `${component} with the new password`, evidence: 'answered 200' },
    {
      ok: refusals.every((status) => status === 401),
      subject: `${component} with the old password`,
      evidence: `answered ${refusals.join(', ')}, expected 401`,
    },
  ];
}

async function change(ground: Ground, secret: SecretName) {
  const { current, previous } = await stateOf(ground, secret);
  if (previous !== undefined) return { before: previous, after: current };
  const { next } = await writeNext(ground, secret);
  await write(ground, secret, { current: next, previous: current });
  ground.tell('change: the new password is in the Secret');
  return { before: current, after: next };
}

async function restart(ground: Ground, secret: SecretName, component: Component): Promise<void> {
  const { cluster, stack } = ground;
  const plan = planOf(ground, secret);
  const [name = ''] = stack[component].address.split(/[.:]/);
  await wakePods(ground);
  await replacePods(ground, { name, namespace: plan.namespace }, await writtenAt(cluster, plan));
  ground.tell(`change: ${stack[component].replicas === 1 ? 'the pod' : 'each pod'} of ${component} is replaced`);
}

/** Grafana keeps the data source's password until it is told to read its files again. */
async function untilGrafanaAsks(ground: Ground): Promise<void> {
  if (ground.stack.cluster?.components.grafana.kind !== 'install') return;
  const grafana = await grafanaLogin(ground.stack, ground.reach, await storedData(ground));
  await until(ground, 'Grafana asks Prometheus with it', async () => {
    await reloadDataSources(grafana);
    return (await dataSourceHealth(grafana, dataSource)).ok;
  });
}
