import { join } from 'node:path';
import { readIfPresent, writeFileAtomic } from '../../common/files.ts';
import { UserError } from '../../common/problems.ts';
import { manifests } from '../../k8s/index.ts';
import type { Delivery, Stack } from '../../stack/types.ts';
import { buildOutputs } from '../build/outputs.ts';
import { secretFiles } from '../files/secret-files.ts';
import { sopsProgram } from '../files/sops.ts';
import type { OpenedStack } from '../own/open.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { distDirectory } from './dist.ts';
import { openFrom } from './environment.ts';

/** `lookout credentials write`: the files of the Secrets of a stack whose objects others apply. */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const folder = distDirectory(input, shell);
  const plain = input.options['plain'] === true;
  for (const { stack, own } of (await openFrom(input, shell)).stacks)
    await writeSecrets({ stack, own }, join(folder, stack.name, 'kubernetes'), plain, shell);
  return 0;
}

async function writeSecrets(
  { stack, own }: Pick<OpenedStack, 'stack' | 'own'>,
  directory: string,
  plain: boolean,
  shell: Shell,
): Promise<void> {
  const { sops } = deliveryOf(stack);
  if (sops === null && !plain)
    throw new UserError(
      `${stack.name}: its secrets would lie in ${directory} in plain text: name age recipients in delivery.sops, or say --plain`,
    );
  const files = await secretFiles({
    stack,
    plans: manifests(stack, buildOutputs(stack, own)).secrets,
    directory,
    env: shell.env,
    recipients: plain ? null : sops,
    sops: sopsProgram(shell.env),
  });
  for (const { path, content } of files) {
    const file = join(directory, path);
    const isKept = readIfPresent(file) === content;
    if (!isKept) writeFileAtomic(file, content, plain ? 0o600 : 0o644);
    shell.print(`${file}: ${isKept ? 'as it was' : plain ? 'written in plain text' : 'encrypted'}`);
  }
  if (files.length === 0) shell.print(`${stack.name}: has no Secret of its own`);
}

function deliveryOf({ name, cluster }: Stack): Extract<Delivery, { kind: 'files' }> {
  if (cluster === null)
    throw new UserError(`${name}: runs on this machine, where its credentials are made when it starts`);
  if (cluster.delivery.kind === 'files') return cluster.delivery;
  throw new UserError(
    `${name}: lookout apply writes its Secrets into the cluster; files are for "delivery: { kind: files }"`,
  );
}
