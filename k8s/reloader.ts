import type { ClusterSettings, Stack } from '../stack/types.ts';
import type { MountedSecret } from './credentials.ts';
import { image } from './images.ts';
import { portOf, restrictedContainer } from './pod.ts';
import { resources } from './resources.ts';

/** What is reloaded, closed by a user and a password. */
export interface Reloaded {
  readonly component: 'prometheus' | 'alertmanager';
  readonly address: string;
  readonly user: string;
  readonly password: string;
}

/** Where it answers about itself; it does so nowhere unless it is told. */
const ownPort = 8080;

const argumentsFile = 'reload/arguments';

/** The file with the reloader's one secret argument. */
export function reloadArguments({ component, address, user, password }: Reloaded): MountedSecret {
  const entry = { kind: 'reload', user, secret: password, address: `127.0.0.1:${portOf(address)}` } as const;
  return { path: argumentsFile, key: `${component}-reload`, entry };
}

/**
 * Has the program in the same pod read its configuration again when a file of it changes: a configuration that it refuses
 * leaves it running with the old one. Watches the directory itself: a projected volume is replaced as a whole.
 */
export function reloader(directory: string, stack: Stack, cluster: ClusterSettings): object {
  return {
    name: 'config-reloader',
    image: image('configReloader', stack, cluster),
    args: [`--watched-dir=${directory}`, `--listen-address=:${ownPort}`, `@${directory}/${argumentsFile}`],
    resources: resources('configReloader'),
    securityContext: restrictedContainer,
    readinessProbe: { httpGet: { path: '/healthz', port: ownPort }, periodSeconds: 10 },
    volumeMounts: [{ name: 'config', mountPath: directory, readOnly: true }],
  };
}
