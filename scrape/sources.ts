import type {
  BackupSource,
  CertificateEndpointSource,
  CertificateFileSource,
  CronJobSource,
  ExporterConfig,
  VolumeSource,
} from '../exporter/config.ts';
import {
  type Backup,
  type CertificateEndpoint,
  type CertificateFile,
  credentialPath,
  type ExporterRole,
  isAskedByPath,
  type Stack,
} from '../stack/types.ts';

/** The part of the exporter's configuration that says what it watches. */
export type Sources = Omit<ExporterConfig, 'listen' | 'tokenFile' | 'interval' | 'deadline' | 'node' | 'traces'>;

/** Where kubelets serve their statistics. Source: Kubernetes, Ports and Protocols. */
const kubeletPort = 10_250;

/** On one machine one process watches everything. */
export function localSources(stack: Stack): Sources {
  return { ...readSources(stack), certificateEndpoints: stack.certificates.endpoints.map(endpointSource) };
}

/** What a role watches in a cluster. */
export function roleSources(stack: Stack, role: ExporterRole): Sources {
  return role === 'api' ? askedSources(stack) : readSources(stack);
}

/** What is read by a path, and servers that need one for it. */
function readSources(stack: Stack): Sources {
  const { backups, volumes, certificates, cluster } = stack;
  const root = cluster?.localPath ?? null;
  const claims = volumes.filter(({ directory }) => directory === null);
  return {
    backups: backups.map(backupSource),
    volumes: volumes.flatMap(({ name, namespace, directory, requested }): VolumeSource[] =>
      directory === null ? [] : [{ name, namespace, directory, requested }],
    ),
    certificateFiles: certificates.files.map(fileSource),
    certificateEndpoints: certificates.endpoints
      .filter((each) => isAskedByPath(certificates, each))
      .map(endpointSource),
    ...(root === null || claims.length === 0
      ? {}
      : { localPathClaims: claims.map(({ name, namespace, requested }) => ({ name, namespace, root, requested })) }),
  };
}

/** What is asked over the network with a service account. */
function askedSources(stack: Stack): Sources {
  const { volumes, certificates, cluster } = stack;
  const { secrets, discover, certManager, endpoints } = certificates;
  const cronJobs = stack.backups.flatMap(cronJobSources);
  const claims = volumes.filter(({ directory }) => directory === null);
  return {
    backups: [],
    volumes: [],
    certificateFiles: [],
    certificateEndpoints: endpoints.filter((each) => !isAskedByPath(certificates, each)).map(endpointSource),
    ...(secrets.length === 0 ? {} : { certificateSecrets: secrets }),
    ...(discover === null ? {} : { certificateDiscovery: discover }),
    ...(certManager.length === 0 ? {} : { certManager }),
    ...(cronJobs.length === 0 ? {} : { cronJobs }),
    ...(claims.length === 0 || cluster?.access !== 'cluster'
      ? {}
      : {
          kubelet: {
            claims: claims.map(({ name, namespace }) => ({ namespace, name })),
            port: kubeletPort,
            authority: null,
            nodes: null,
          },
        }),
  };
}

function backupSource({ claim: _, cronJob: _made, cleanup: _deleted, ...source }: Backup): BackupSource {
  return source;
}

function cronJobSources({ name: backup, cronJob, cleanup }: Backup): readonly CronJobSource[] {
  return [
    ...(cronJob === null ? [] : [{ backup, purpose: 'backup' as const, ...cronJob }]),
    ...(cleanup === null ? [] : [{ backup, purpose: 'cleanup' as const, ...cleanup }]),
  ];
}

function fileSource({ name, path, password }: CertificateFile): CertificateFileSource {
  return { name, path, ...(password === null ? {} : { passwordFile: credentialPath(password) }) };
}

function endpointSource({ starttls, ...endpoint }: CertificateEndpoint): CertificateEndpointSource {
  return { ...endpoint, ...(starttls === null ? {} : { starttls }) };
}
