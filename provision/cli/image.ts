import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeFileAtomic } from '../../common/files.ts';
import { exporterImage } from '../build/image/image.ts';
import type { ExitCode, Input, Shell } from './command.ts';

/** `lookout image`: the exporter as an archive that a container runtime imports, without a registry. */
export async function run({ options }: Input, shell: Shell): Promise<ExitCode> {
  const { version } = JSON.parse(readFileSync(join(shell.root, 'package.json'), 'utf8')) as { version: string };
  const { name = `localhost/lookout-exporter:${version}`, output } = options as { name?: string; output?: string };
  const standard = join(shell.root, 'dist', 'exporter', 'lookout-exporter.tar');
  const path = output === undefined ? standard : resolve(shell.cwd, output);
  const archive = await exporterImage(shell.root, name);
  writeFileAtomic(path, archive);
  shell.print(`${name}: ${Math.ceil(archive.length / 1024 ** 2)} MiB in ${path}`);
  shell.print('import it on each node:');
  shell.print(`  k3s                k3s ctr images import ${path}`);
  shell.print(`  other containerd   ctr --namespace k8s.io images import ${path}`);
  shell.print(`  Podman             podman load --input ${path}`);
  return 0;
}
