import { type ComponentSource, type Context, filesBelow } from './component.ts';
import { type Configuration, checksum, configMaps, configurationVolume } from './configuration.ts';
import { valueAt, valuesFor } from './credentials.ts';
import { exposure, subPath } from './exposure.ts';
import { image } from './images.ts';
import { podsOf } from './installed.ts';
import { login } from './login.ts';
import { networkPolicy } from './network.ts';
import { portOf, restrictedContainer, restrictedPod } from './pod.ts';
import { resources } from './resources.ts';
import { service, serviceName } from './service.ts';
import { dataVolume, statefulSet } from './stateful.ts';

/** Grafana resolves the relative paths in its provisioning against the directory that it runs in. */
const directory = '/etc/lookout';

/** User of the image. */
const user = 472;

/** Grafana on a claim, with its datasource and dashboards provisioned, its admin's password and its key from files. */
export const grafana: ComponentSource = {
  name: 'grafana',
  component: 'grafana',
  render: (context) => {
    const { stack, cluster } = context;
    const { address, exposure: exposed } = cluster.grafana;
    const name = serviceName(address);
    const pods = podsOf(context, 'grafana');
    const configuration = configurationOf(context, name);
    return {
      objects: [
        ...configMaps(configuration),
        service(address, pods),
        // Whoever brings people to it is not ours and may be anywhere.
        networkPolicy(name, pods, exposed.kind === 'none' ? [] : [{ port: 'http', from: 'anyone' }]),
        ...exposure(cluster, name),
        statefulSet(
          {
            name,
            replicas: 1,
            component: 'grafana',
            selector: pods,
            pod: {
              annotations: { 'lookout/provisioning': provisioningChecksum(configuration) },
              security: restrictedPod(cluster, user),
              containers: [container(context)],
              volumes: [configurationVolume(configuration, stack), { name: 'tmp', emptyDir: {} }],
            },
          },
          cluster,
        ),
      ],
      secrets: configuration.secrets,
    };
  },
};

function configurationOf({ cluster, files }: Context, name: string): Configuration {
  const { password, secretKey, auth } = cluster.grafana;
  const own = filesBelow('grafana', files);
  const kept = [password, secretKey, ...(auth?.kind === 'oidc' ? [auth.clientSecret] : [])];
  return {
    name,
    files: own,
    secrets: [...valuesFor(own), ...kept.map((secret) => valueAt(`credentials/${secret}`, secret))],
  };
}

/** Datasources are read on the start only; dashboards whenever they change. */
function provisioningChecksum({ files }: Configuration): string {
  return checksum(...files.filter(({ path }) => path.startsWith('provisioning/')).map(({ content }) => content));
}

function container({ stack, cluster }: Context): object {
  const port = portOf(cluster.grafana.address);
  const health = { httpGet: { path: `${subPath(cluster)}/api/health`, port: 'http' } };
  return {
    name: 'grafana',
    image: image('grafana', stack, cluster),
    workingDir: directory,
    env: Object.entries(settings({ stack, cluster })).map(([name, value]) => ({ name, value })),
    ports: [{ name: 'http', containerPort: port }],
    resources: resources('grafana'),
    securityContext: restrictedContainer,
    startupProbe: { ...health, periodSeconds: 3, failureThreshold: 200 },
    readinessProbe: { ...health, periodSeconds: 10, timeoutSeconds: 5 },
    livenessProbe: { ...health, periodSeconds: 30, timeoutSeconds: 10, failureThreshold: 5 },
    volumeMounts: [
      { name: 'config', mountPath: directory, readOnly: true },
      { name: dataVolume, mountPath: '/var/lib/grafana' },
      { name: 'tmp', mountPath: '/tmp' },
    ],
  };
}

/** Source: Grafana documentation, "Configure Grafana" and "Configure a Grafana Docker image" (names ending in `__FILE`). */
function settings({ stack, cluster }: Pick<Context, 'stack' | 'cluster'>): Readonly<Record<string, string>> {
  const { address, user: admin, password, secretKey } = cluster.grafana;
  const { url } = stack.grafana;
  return {
    TZ: stack.timezone,
    GF_PATHS_PROVISIONING: `${directory}/provisioning`,
    GF_PATHS_LOGS: '/tmp',
    GF_LOG_MODE: 'console',
    GF_SERVER_HTTP_PORT: `${portOf(address)}`,
    ...(url === null ? {} : { GF_SERVER_ROOT_URL: `${url}/` }),
    ...(subPath(cluster) === '' ? {} : { GF_SERVER_SERVE_FROM_SUB_PATH: 'true' }),
    GF_SECURITY_ADMIN_USER: admin,
    GF_SECURITY_ADMIN_PASSWORD__FILE: `${directory}/credentials/${password}`,
    GF_SECURITY_SECRET_KEY__FILE: `${directory}/credentials/${secretKey}`,
    ...(url?.startsWith('https:') === true ? { GF_SECURITY_COOKIE_SECURE: 'true' } : {}),
    GF_SECURITY_DISABLE_GRAVATAR: 'true',
    GF_USERS_ALLOW_SIGN_UP: 'false',
    GF_AUTH_ANONYMOUS_ENABLED: 'false',
    ...login(cluster.grafana.auth, directory),
    // Nothing is told to others, and nothing is fetched on the start.
    GF_ANALYTICS_REPORTING_ENABLED: 'false',
    GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
    GF_NEWS_NEWS_FEED_ENABLED: 'false',
    GF_PLUGINS_PREINSTALL_DISABLED: 'true',
  };
}
