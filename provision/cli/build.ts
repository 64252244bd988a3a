import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../common/problems.ts';
import { environmentNames, findEnvironment } from '../../stack/open.ts';
import { type BuiltStack, buildStack, scopes } from '../build/build.ts';
import type { OpenedStack } from '../own/open.ts';
import { proveOrTell } from '../own/proven.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { distDirectory } from './dist.ts';
import { openFrom } from './environment.ts';

/** `lookout build [environment]`: the outputs of one environment, or of all below `environments/`. */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const scope = scopeOf(input);
  const dist = distDirectory(input, shell);
  const opened = input.args['environment'] === undefined ? await openAll(input, shell) : [await openFrom(input, shell)];
  const stacks = opened.flatMap((environment) => environment.stacks);
  await proveOrTell(stacks, shell);
  const bundle = scope === undefined && stacks.some(runsExporter) ? await exporterCode(shell) : undefined;
  const built = stacks.map((stack) => buildStack(stack, dist, { scope, bundle }));
  if (input.options['json'] === true) shell.print(JSON.stringify(built, null, 2));
  else for (const one of built) tell(one, shell);
  return 0;
}

function runsExporter({ stack }: OpenedStack): boolean {
  return stack.cluster?.components.exporter.kind === 'install';
}

/** Its objects hold its code, which is bundled for them once. The bundler is loaded only then: it takes a tenth of a second. */
async function exporterCode({ root }: Shell): Promise<string> {
  const { bundleExporter } = await import('../build/exporter/bundle.ts');
  return Buffer.from(await bundleExporter(root)).toString();
}

function openAll(input: Input, shell: Shell) {
  const named = environmentNames(shell.root).map((name) => ({
    args: { environment: name },
    options: { ...input.options, ...exampleVariables(name, shell) },
  }));
  return Promise.all(named.map((one) => openFrom(one, shell)));
}

/**
 * In a fresh clone an environment has only an `.env.example`: built together with all others it takes that, and says so,
 * so that one sees what it will be. Named alone it insists on its own variables.
 */
function exampleVariables(name: string, shell: Shell) {
  const folder = findEnvironment(name, { root: shell.root, cwd: shell.root });
  const example = join(folder, '.env.example');
  const own = readdirSync(folder).some((file) => /^\.env(\.|$)/.test(file) && file !== '.env.example');
  if (own || !existsSync(example)) return {};
  shell.report(`${name}: has no .env, built with the variables of its .env.example`);
  return { envFile: example };
}

function scopeOf(input: Input): ((path: string) => boolean) | undefined {
  const only = text(input, 'only');
  if (only === undefined) return undefined;
  const scope = scopes[only];
  if (scope === undefined) throw new UserError(`--only ${only}: there are ${Object.keys(scopes).join(' and ')}`);
  return scope;
}

function tell(
  { stack, directory, created, updated, deleted, unchanged, leftOut, environment }: BuiltStack,
  shell: Shell,
): void {
  const total = created.length + updated.length + unchanged;
  const changes = [
    ...(created.length > 0 ? [`${created.length} new`] : []),
    ...(updated.length > 0 ? [`${updated.length} changed`] : []),
    ...(deleted.length > 0 ? [`${deleted.length} removed`] : []),
  ];
  shell.print(
    `${stack}: ${total} files in ${directory}${changes.length === 0 ? ', none changed' : ` (${changes.join(', ')})`}`,
  );
  if (leftOut.length > 0)
    shell.print(`  ${leftOut.length} alerts, dashboards or rows left out for a reason: lookout why ${environment}`);
}

function text(input: Input, name: string): string | undefined {
  const value = input.options[name];
  return typeof value === 'string' ? value : undefined;
}
