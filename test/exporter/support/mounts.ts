import { execFileSync, spawn } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { until } from './exporter.ts';

const sftpServer = '/usr/lib/openssh/sftp-server';

/** Why sshfs cannot be used here; undefined when it can. Tests that need it name the reason when they are left out. */
export function withoutFuse(): string | undefined {
  const missing = [missingOnPath('sshfs'), existsSync(sftpServer) ? undefined : sftpServer].find(
    (name) => name !== undefined,
  );
  if (missing !== undefined) return `${missing} is not installed`;
  try {
    accessSync('/dev/fuse', constants.R_OK | constants.W_OK);
  } catch {
    return '/dev/fuse cannot be opened';
  }
  return undefined;
}

/** Why nothing can be mounted here; undefined when it can. */
export function withoutMount(): string | undefined {
  return process.getuid?.() === 0 ? undefined : 'only root may mount';
}

export interface Share {
  readonly point: string;
  /** Stops the server: whatever touches the mount from now on waits, and not even SIGKILL ends it. */
  readonly hang: () => void;
  /** Lets the server answer again. */
  readonly recover: () => void;
}

/** Mounts `served` at `point` by sshfs, whose server is a process that can be stopped. Unmounted after the test. */
export async function mountShare(folder: string, served: string): Promise<Share> {
  const point = join(folder, 'share');
  mkdirSync(point);
  const command = join(folder, 'serve.sh');
  writeFileSync(command, `#!/bin/sh\necho $$ > '${folder}/pid'\nexec ${sftpServer}\n`);
  chmodSync(command, 0o755);
  const options = `ssh_command=${command},cache=no,dir_cache=no`;
  const sshfs = spawn('sshfs', ['-f', '-o', options, `server:${served}`, point], { stdio: 'ignore' });
  const pid = () => Number(readIfThere(join(folder, 'pid')));
  onTestFinished(async () => {
    if (pid() > 0) process.kill(pid(), 'SIGCONT');
    execFileSync('fusermount3', ['-u', '-z', point]);
    await until(() => sshfs.exitCode !== null || sshfs.signalCode !== null);
  });
  await until(() => pid() > 0 && readIfThere('/proc/self/mountinfo').includes(` ${point} `));
  return {
    point,
    hang: () => process.kill(pid(), 'SIGSTOP'),
    recover: () => process.kill(pid(), 'SIGCONT'),
  };
}

/** Mounts an empty file system in memory of 16 MiB at the directory. Unmounted after the test. */
export function mountMemory(directory: string): void {
  mkdirSync(directory);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', directory]);
  onTestFinished(() => void execFileSync('umount', ['-l', directory]));
}

function missingOnPath(program: string): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':');
  return folders.some((folder) => existsSync(join(folder, program))) ? undefined : program;
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
