import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { run } from '../../support/programs.ts';
import { apply, kubectl } from './kubectl.ts';

/** cert-manager's own definition of its Certificates, from its Go module, which Go verifies by its check sum. */
const module = 'github.com/cert-manager/cert-manager@v1.19.1';
const name = 'certificates.cert-manager.io';

/** Why the definition cannot be had; undefined when it can. */
export function withoutGo(): string | undefined {
  return spawnSync('go', ['version'], { stdio: 'ignore' }).status === 0 ? undefined : 'Go is not installed';
}

export function hasCertificates(): boolean {
  return kubectl(['get', 'crd', name, '--ignore-not-found', '--output=name']) !== '';
}

/** Makes Certificates known to the cluster, without cert-manager itself: the test says what it would. */
export function defineCertificates(): void {
  const { Dir } = JSON.parse(run('go', ['mod', 'download', '-json', module])) as { Dir: string };
  apply(parse(readFileSync(join(Dir, 'deploy/crds/cert-manager.io_certificates.yaml'), 'utf8')) as object);
  kubectl(['wait', '--for=condition=Established', `crd/${name}`, '--timeout=60s']);
}

export function forgetCertificates(): void {
  kubectl(['delete', 'crd', name, '--ignore-not-found', '--wait=false']);
}
