import type { ExporterConfig } from '../exporter/config.ts';
import { type BareObject, type Context, filesBelow } from './component.ts';
import { type Configuration, checksum, configMaps, configurationVolume } from './configuration.ts';
import { type MountedSecret, valuesFor } from './credentials.ts';
import { image } from './images.ts';
import { portOf } from './pod.ts';
import { resources } from './resources.ts';

export type Role = 'api' | 'node';

/** What both roles of the exporter have in common: they are one program, each with a configuration of its own. */
export interface ExporterParts {
  readonly config: ExporterConfig;
  readonly objects: readonly BareObject[];
  readonly secrets: readonly MountedSecret[];
  readonly annotations: Readonly<Record<string, string>>;
  readonly container: (more: ContainerWish) => object;
  readonly volumes: readonly object[];
}

export interface ContainerWish {
  readonly security: object;
  readonly env?: readonly object[];
  readonly mounts?: readonly object[];
}

const directory = '/etc/lookout';
const codeDirectory = '/lookout';
export const codeFile = 'lookout-exporter.mjs';
export const codeMap = 'lookout-exporter-code';

/** The parts of a role; undefined when it has nothing to do. */
export function exporterParts(context: Context, role: Role, name: string): ExporterParts | undefined {
  const { stack, files, bundle } = context;
  const own = filesBelow(`exporter/${role}`, files);
  const main = own.find(({ path }) => path === 'exporter.json');
  if (main === undefined) return undefined;
  const configuration: Configuration = { name, files: own, secrets: secretsOf(own, stack.exporter.token) };
  return {
    config: JSON.parse(main.content) as ExporterConfig,
    objects: configMaps(configuration),
    secrets: configuration.secrets,
    annotations: { 'lookout/configuration': checksum(main.content), ...codeChecksum(bundle) },
    container: (more) => container(context, role, more),
    volumes: [
      configurationVolume(configuration, stack),
      { name: 'code', configMap: { name: codeMap } },
      { name: 'cache', emptyDir: {} },
    ],
  };
}

/** The token that scrapes are asked for is a list, so that two of them are valid while it is rotated. */
function secretsOf(files: Configuration['files'], token: string): readonly MountedSecret[] {
  return valuesFor(files).map((mounted) =>
    mounted.entry.secret === token
      ? { ...mounted, key: `${token}s`, entry: { kind: 'tokens', secret: token } as const }
      : mounted,
  );
}

function codeChecksum(bundle: string | undefined): Readonly<Record<string, string>> {
  return bundle === undefined ? {} : { 'lookout/code': checksum(bundle) };
}

function container(
  { stack, cluster }: Context,
  role: Role,
  { security, env = [], mounts = [] }: ContainerWish,
): object {
  const scheme = stack.exporter.tls === null ? {} : { scheme: 'HTTPS' };
  const probe = (path: string) => ({ httpGet: { path, port: 'http', ...scheme } });
  return {
    name: 'exporter',
    image: image('node', stack, cluster),
    // A small young generation: it idles most of the time, and V8 would let it grow to many times what it needs.
    command: [
      'node',
      '--max-semi-space-size=1',
      `${codeDirectory}/${codeFile}`,
      '--config',
      `${directory}/exporter.json`,
    ],
    env: [{ name: 'NODE_COMPILE_CACHE', value: '/cache' }, ...env],
    ports: [{ name: 'http', containerPort: portOf(stack.exporter.address) }],
    resources: resources(role === 'api' ? 'exporterApi' : 'exporterNode'),
    securityContext: security,
    startupProbe: { ...probe('/readyz'), periodSeconds: 1, failureThreshold: 120 },
    readinessProbe: { ...probe('/readyz'), periodSeconds: 10, timeoutSeconds: 5 },
    livenessProbe: { ...probe('/healthz'), periodSeconds: 30, timeoutSeconds: 10 },
    volumeMounts: [
      { name: 'config', mountPath: directory, readOnly: true },
      { name: 'code', mountPath: codeDirectory, readOnly: true },
      { name: 'cache', mountPath: '/cache' },
      ...mounts,
    ],
  };
}
