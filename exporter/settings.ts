import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ProblemsError, UserError } from '../common/problems.ts';
import type { ExporterConfig } from './config.ts';
import { type Mismatch, mismatches, orNull, type Shape } from './shape.ts';

const shape: Shape = {
  listen: { host: 'string', port: 'number' },
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
  certificateFiles: [{ name: 'string', path: 'string' }],
  certificateEndpoints: [
    {
      name: 'string',
      host: 'string',
      port: 'number',
      serverName: 'string',
      authority: orNull('string'),
      expects: orNull('string'),
      timeout: 'number',
    },
  ],
  traces: orNull({ endpoint: 'string' }),
};

/**
 * The configuration of a file, its paths made absolute.
 * @throws UserError when it cannot be read; ProblemsError with everything that is wrong in it.
 */
export function loadSettings(path: string): ExporterConfig {
  const value = readJson(path);
  const found = mismatches(value, shape);
  const problems = found.length > 0 ? found : duplicates(value as ExporterConfig);
  if (problems.length > 0) {
    throw new ProblemsError(
      problems.map(({ path: place, message }) => ({ file: path, line: null, path: place, message })),
    );
  }
  return absolute(value as ExporterConfig, dirname(resolve(path)));
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
  return [
    ...repeated(
      'backups',
      config.backups.map(({ name }) => name),
    ),
    ...repeated(
      'volumes',
      config.volumes.map(({ namespace, name }) => `${namespace}/${name}`),
    ),
    ...repeated(
      'certificateFiles',
      config.certificateFiles.map(({ name }) => name),
    ),
    ...repeated(
      'certificateEndpoints',
      [...config.certificateEndpoints, ...config.certificateFiles].map(({ name }) => name),
    ),
  ];
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
  const at = (path: string) => resolve(base, path);
  return {
    ...config,
    tokenFile: at(config.tokenFile),
    backups: config.backups.map((backup) => ({ ...backup, directory: at(backup.directory) })),
    volumes: config.volumes.map((volume) => ({ ...volume, directory: at(volume.directory) })),
    certificateFiles: config.certificateFiles.map((file) => ({ ...file, path: at(file.path) })),
    certificateEndpoints: config.certificateEndpoints.map((endpoint) => ({
      ...endpoint,
      authority: endpoint.authority === null ? null : at(endpoint.authority),
    })),
  };
}
