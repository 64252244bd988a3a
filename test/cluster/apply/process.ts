import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { inject, onTestFinished } from 'vitest';
import type { KubernetesObject } from '../../../k8s/types.ts';

export interface ApplyProcess {
  readonly kill: () => void;
  /** What it printed on both channels, once it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly output: string }>;
}

/** An apply of these objects in a process of its own. */
export function startApply(
  namespace: string,
  objects: readonly KubernetesObject[],
  kubeconfig = inject('cluster').kubeconfig,
): ApplyProcess {
  const folder = mkdtempSync(join(tmpdir(), 'lookout-apply-'));
  const file = join(folder, 'objects.json');
  writeFileSync(file, JSON.stringify(objects));
  const program = join(import.meta.dirname, 'program.ts');
  const child = spawn(process.execPath, [program, kubeconfig, inject('cluster').context, namespace, file], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const finish = async () => {
    const [[code], out, err] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
    rmSync(folder, { recursive: true });
    return { code: code as number | null, output: `${out}${err}` };
  };
  return { kill: () => child.kill('SIGKILL'), ended: finish() };
}
