import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { until } from '../../exporter/support/exporter.ts';
import { temporaryFolder } from '../../exporter/support/folder.ts';
import { run } from '../../support/programs.ts';

/** Why no container can be run here; undefined when one can. */
export function withoutContainerd(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root may run containers';
  const missing = ['containerd', 'ctr', 'runc'].find(
    (name) => !['/usr/bin', '/usr/sbin', '/usr/local/bin'].some((folder) => existsSync(join(folder, name))),
  );
  return missing === undefined ? undefined : `${missing} is not installed`;
}

/** Starts a containerd of its own, all its state in a temporary folder, and gives the arguments with which `ctr` reaches it. */
export async function startContainerd(): Promise<readonly string[]> {
  const folder = temporaryFolder();
  const socket = join(folder, 'socket');
  const args = ['--root', join(folder, 'root'), '--state', join(folder, 'state'), '--address', socket];
  const daemon = spawn('containerd', args, { stdio: 'ignore' });
  onTestFinished(async () => {
    daemon.kill();
    await until(() => daemon.exitCode !== null || daemon.signalCode !== null);
  });
  const ctr = ['--address', socket];
  await until(() => existsSync(socket) || daemon.exitCode !== null);
  run('ctr', [...ctr, 'version']);
  return ctr;
}
