import { formatDuration } from '../common/durations.ts';
import type { Replicated } from '../stack/types.ts';
import { type ComponentSource, type Context, filesBelow } from './component.ts';
import { type Configuration, configMaps, configurationVolume } from './configuration.ts';
import { valuesFor } from './credentials.ts';
import { image } from './images.ts';
import { admit, podsOf } from './installed.ts';
import { networkPolicy } from './network.ts';
import { nobody, portOf, restrictedContainer, restrictedPod } from './pod.ts';
import { reloadArguments, reloader } from './reloader.ts';
import { beside, podName, spread } from './replicas.ts';
import { resources } from './resources.ts';
import { service, serviceName } from './service.ts';
import { dataVolume, retentionSize, statefulSet } from './stateful.ts';

const directory = '/etc/prometheus';

/** By which promtool in the same pod asks Prometheus whether it is ready. */
const probeFile = 'probe.yml';

/**
 * Prometheus on a claim, closed by a user and a password, reloaded when its configuration or its rules change. It finds its
 * targets in its configuration, so it needs no right in the cluster and no token.
 */
export const prometheus: ComponentSource = {
  name: 'prometheus',
  component: 'prometheus',
  render: (context) => {
    const { stack, cluster } = context;
    const name = serviceName(stack.prometheus.address);
    const pods = podsOf(context, 'prometheus');
    const configuration = configurationOf(context, name);
    return {
      objects: [
        ...configMaps(configuration),
        service(stack.prometheus.address, pods, affinity(stack.prometheus)),
        ...beside(stack.prometheus, name, pods),
        networkPolicy(name, pods, [admit(context, 'prometheus', 'grafana')]),
        statefulSet(
          {
            name,
            replicas: stack.prometheus.replicas,
            component: 'prometheus',
            selector: pods,
            pod: {
              security: restrictedPod(cluster, nobody),
              containers: [container(context), reloader(directory, stack, cluster)],
              volumes: [configurationVolume(configuration, stack)],
              // What it holds in memory is written on a stop.
              more: { terminationGracePeriodSeconds: 120, ...spread(stack.prometheus, pods) },
            },
          },
          cluster,
        ),
      ],
      secrets: configuration.secrets,
    };
  },
};

/** Two of them scrape at different moments: who asks one stays with it, so that a graph does not change between two looks. */
function affinity({ replicas }: Replicated): object {
  return replicas === 1 ? {} : { sessionAffinity: 'ClientIP' };
}

function configurationOf({ stack, files }: Context, name: string): Configuration {
  const { address, user, password } = stack.prometheus;
  const own = filesBelow('prometheus', files);
  const probe = [
    'basic_auth:',
    `  username: ${user}`,
    `  password_file: ${directory}/credentials/${password}`,
    '',
  ].join('\n');
  return {
    name,
    files: [...own, { path: probeFile, content: probe }],
    secrets: [
      ...valuesFor(own),
      { path: 'web.yml', key: 'prometheus-web', entry: { kind: 'web', user, secret: password } },
      reloadArguments({ component: 'prometheus', address, user, password }),
    ],
  };
}

function container(context: Context): object {
  const { stack, cluster } = context;
  const { address, retention, replicas, features } = stack.prometheus;
  const isReplicated = replicas > 1;
  const port = portOf(address);
  const size = retentionSize(stack, cluster);
  const answers = { tcpSocket: { port: 'http' } };
  return {
    name: 'prometheus',
    image: image('prometheus', stack, cluster),
    args: [
      `--config.file=${directory}/prometheus.yml`,
      `--web.config.file=${directory}/web.yml`,
      `--web.listen-address=0.0.0.0:${port}`,
      `--web.external-url=http://${address}/`,
      '--web.enable-lifecycle',
      ...(isReplicated && !features.expandsExternalLabels ? ['--enable-feature=expand-external-labels'] : []),
      '--storage.tsdb.path=/prometheus/data',
      `--storage.tsdb.retention.time=${formatDuration(retention.time)}`,
      ...(size === null ? [] : [`--storage.tsdb.retention.size=${size}B`]),
    ],
    // The templates of annotations tell the time in the zone of the process.
    env: [{ name: 'TZ', value: stack.timezone }, ...(isReplicated ? [podName] : [])],
    ports: [{ name: 'http', containerPort: port }],
    resources: resources('prometheus'),
    securityContext: restrictedContainer,
    startupProbe: { ...started(context, port), periodSeconds: 3, timeoutSeconds: 10, failureThreshold: 600 },
    readinessProbe: { ...answers, periodSeconds: 10 },
    livenessProbe: { ...answers, periodSeconds: 30 },
    volumeMounts: [
      { name: 'config', mountPath: directory, readOnly: true },
      { name: dataVolume, mountPath: '/prometheus' },
    ],
  };
}

/**
 * The port answers before the log is replayed, and only with a password: promtool asks with it. Once Prometheus is ready it stays
 * so. An older promtool cannot ask: there the open port has to do.
 */
function started({ stack }: Context, port: number): object {
  if (!stack.prometheus.features.readyCheck) return { tcpSocket: { port: 'http' } };
  const ask = [`--url=http://127.0.0.1:${port}`, `--http.config.file=${directory}/${probeFile}`];
  return { exec: { command: ['promtool', 'check', 'ready', ...ask] } };
}
