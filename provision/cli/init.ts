import { relative, resolve } from 'node:path';
import { UserError } from '../../common/problems.ts';
import { localEnvironment } from '../init/local.ts';
import { type NewFile, refuseTaken, writeEnvironment } from '../init/write.ts';
import type { ExitCode, Input, Shell } from './command.ts';

/** `lookout init <directory>`: a first environment for this machine, or with --context for a namespace of a cluster. */
export async function run({ args, options }: Input, shell: Shell): Promise<ExitCode> {
  const { directory } = args;
  if (directory === undefined) throw new UserError('name the folder of the new environment: lookout init <directory>');
  const folder = resolve(shell.cwd, directory);
  const { context, namespace } = options;
  if (typeof context !== 'string' && namespace !== undefined)
    throw new UserError('--namespace needs --context: the current context is never taken silently');
  if (typeof context !== 'string') {
    writeEnvironment(folder, localEnvironment(Intl.DateTimeFormat().resolvedOptions().timeZone));
  } else if (typeof namespace !== 'string') {
    throw new UserError('--context needs --namespace: the namespace of the application that is to be watched');
  } else {
    refuseTaken(folder, ['environment.yaml', '.gitignore']);
    writeEnvironment(folder, await fromCluster(context, namespace, shell));
  }
  tellNext(shown(folder, shell.cwd), typeof context === 'string' ? 'plan' : 'up', shell);
  return 0;
}

async function fromCluster(context: string, namespace: string, shell: Shell): Promise<readonly NewFile[]> {
  const { openCluster } = await import('../cluster/client/cluster.ts');
  const { readFacts } = await import('../init/cluster/read.ts');
  const { draftEnvironment } = await import('../init/cluster/draft.ts');
  const cluster = openCluster({ ...shell, context });
  try {
    const facts = await readFacts(cluster, namespace);
    return [
      { path: 'environment.yaml', content: draftEnvironment(facts) },
      { path: '.gitignore', content: '.env\n' },
    ];
  } finally {
    await cluster.close();
  }
}

function tellNext(path: string, next: string, shell: Shell): void {
  shell.print(`${path}: a first environment. Now:`);
  shell.print(`  read through ${path}/environment.yaml and write into it what is to be watched`);
  shell.print(`  lookout env check ${path}`);
  shell.print(`  lookout ${next} ${path}`);
}

function shown(folder: string, cwd: string): string {
  const below = relative(cwd, folder);
  return below === '' || below.startsWith('..') ? folder : `./${below}`;
}
