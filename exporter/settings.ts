import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ProblemsError, UserError } from '../common/problems.ts';
import type { ExporterConfig, TlsFiles } from './config.ts';
import { type Mismatch, mismatches, optional, orNull, type Shape } from './shape.ts';

const shape: Shape = {
  listen: { host: 'string', port: 'number', tls: optional({ certificate: 'string', key: 'string' }) },
  tokenFile: 'string',
  interval: 'number',
  deadline: 'number',
  node: 'string',
  backups: [
    {
      name: 'string',
      directory: 'string',
      pattern: 'string',
      engine: 'string',
      schedule: orNull('string'),
      timezone: 'string',
      clock: 'string',
      expectedInterval: orNull('number'),
      grace: 'number',
      settle: 'number',
      retention: orNull({ age: 'number', tolerance: 'number', floor: 'number' }),
      ignore: ['string'],
    },
  ],
  volumes: [{ name: 'string', namespace: 'string', directory: 'string', requested: orNull('number') }],
  certificateFiles: [{ name: 'string', path: 'string', passwordFile: optional('string') }],
  certificateEndpoints: [
    {
      name: 'string',
      host: 'string',
      port: 'number',
      serverName: 'string',
      authority: orNull('string'),
      expects: orNull('string'),
      timeout: 'number',
      starttls: optional('string'),
    },
  ],
  certificateSecrets: optional([{ name: 'string', namespace: 'string', secret: 'string' }]),
  certificateDiscovery: optional({ namespaces: ['string'] }),
  certManager: optional([{ name: 'string', namespace: 'string', certificate: 'string' }]),
  localPathClaims: optional([
    { name: 'string', namespace: 'string', root: 'string', volume: optional('string'), requested: orNull('number') },
  ]),
  cronJobs: optional([{ backup: 'string', purpose: 'string', namespace: 'string', name: 'string' }]),
  kubelet: optional({
    claims: [{ namespace: 'string', name: 'string' }],
    port: 'number',
    authority: orNull('string'),
    nodes: orNull([{ name: 'string', address: 'string' }]),
  }),
  traces: orNull({ endpoint: 'string' }),
};

/**
 * The configuration of a file, its paths made absolute. A configuration that leaves the node open serves the pods of every
 * node: its name is then that of the variable NODE_NAME.
 * @throws UserError when it cannot be read; ProblemsError with everything that is wrong in it.
 */
export function loadSettings(path: string, env: Readonly<Record<string, string | undefined>> = {}): ExporterConfig {
  const value = readJson(path);
  const found = mismatches(value, shape);
  const problems = found.length > 0 ? found : duplicates(value as ExporterConfig);
  if (problems.length > 0) {
    throw new ProblemsError(
      problems.map(({ path: place, message }) => ({ file: path, line: null, path: place, message })),
    );
  }
  const config = absolute(value as ExporterConfig, dirname(resolve(path)));
  return config.node === '' ? { ...config, node: env['NODE_NAME'] ?? '' } : config;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new UserError(`could not read the configuration ${path}: it must be JSON as "lookout build" writes it`, {
      cause,
    });
  }
}

/** Two declared things with one name would give one series twice. */
function duplicates(config: ExporterConfig): readonly Mismatch[] {
  const { certificateFiles, certificateEndpoints, certificateSecrets = [], certManager = [], cronJobs = [] } = config;
  const claims = [...config.volumes, ...(config.localPathClaims ?? []), ...(config.kubelet?.claims ?? [])];
  const ofOneName = [...certManager, ...certificateSecrets, ...certificateEndpoints, ...certificateFiles];
  const names = {
    backups: config.backups.map(({ name }) => name),
    volumes: claims.map(({ namespace, name }) => `${namespace}/${name}`),
    certificates: ofOneName.map(({ name }) => name),
    cronJobs: cronJobs.map(({ backup, namespace, name }) => `${namespace}/${name} of ${backup}`),
  };
  return Object.entries(names).flatMap(([path, list]) => repeated(path, list));
}

function repeated(path: string, names: readonly string[]): readonly Mismatch[] {
  const seen = new Set<string>();
  const twice = new Set(names.filter((name) => seen.has(name) || !seen.add(name)));
  return [...twice].map((name) => ({
    path,
    message: `the name ${JSON.stringify(name)} is used twice, names must differ`,
  }));
}

function absolute(config: ExporterConfig, base: string): ExporterConfig {
  const { kubelet, listen, localPathClaims } = config;
  const at = (path: string) => resolve(base, path);
  return {
    ...config,
    listen: listen.tls === undefined ? listen : { ...listen, tls: absoluteTls(listen.tls, at) },
    tokenFile: at(config.tokenFile),
    backups: config.backups.map((backup) => ({ ...backup, directory: at(backup.directory) })),
    volumes: config.volumes.map((volume) => ({ ...volume, directory: at(volume.directory) })),
    ...(localPathClaims === undefined
      ? {}
      : { localPathClaims: localPathClaims.map((claim) => ({ ...claim, root: at(claim.root) })) }),
    certificateFiles: config.certificateFiles.map((file) => ({
      ...file,
      path: at(file.path),
      ...(file.passwordFile === undefined ? {} : { passwordFile: at(file.passwordFile) }),
    })),
    certificateEndpoints: config.certificateEndpoints.map((endpoint) => ({
      ...endpoint,
      authority: endpoint.authority === null ? null : at(endpoint.authority),
    })),
    ...(kubelet === undefined
      ? {}
      : { kubelet: { ...kubelet, authority: kubelet.authority && at(kubelet.authority) } }),
  };
}

function absoluteTls({ certificate, key }: TlsFiles, at: (path: string) => string): TlsFiles {
  return { certificate: at(certificate), key: at(key) };
}
