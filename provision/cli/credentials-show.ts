import { UserError } from '../../common/problems.ts';
import type { SecretReference, Stack } from '../../stack/types.ts';
import { type ShownCredential, shownCredentials } from '../cluster/credentials/show.ts';
import { readValue, type Vault, whereFrom } from '../credentials/values.ts';
import { localPaths, stateDirectory } from '../local/paths.ts';
import { readSelection } from '../local/selection.ts';
import type { ExitCode, Input, Shell } from './command.ts';
import { openFrom } from './environment.ts';
import { inCluster, isInCluster } from './in-cluster.ts';

/**
 * `lookout credentials show`: where each credential is kept. Its value only for a terminal or with `--reveal`, and only when
 * one is asked for by name or with `--reveal`.
 */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const name = input.args['name'];
  if (await isInCluster(input, shell))
    return inCluster(input, shell, async (stack) => {
      for (const each of await shownCredentials(stack, name))
        shell.print(lineOf(each, name !== undefined, input, shell));
      return 0;
    });
  const state = readSelection(input, shell).state;
  for (const { stack } of (await openFrom(input, shell)).stacks) {
    const directory = localPaths(state ?? stack.local?.state ?? stateDirectory(stack.name, shell.env)).credentials;
    const vault = { directory, env: shell.env };
    for (const [secret, reference] of chosen(stack, name)) {
      const shown = input.options['reveal'] === true || (name !== undefined && shell.interactive);
      shell.print(shown ? reveal(secret, reference, vault) : `${secret}\t${whereFrom(secret, reference, vault)}`);
    }
  }
  return 0;
}

function lineOf({ name, place, value }: ShownCredential, named: boolean, { options }: Input, shell: Shell): string {
  const shown = options['reveal'] === true || (named && shell.interactive);
  return `${name}\t${shown && value !== undefined ? value : place}`;
}

function chosen(
  { name: stack, secrets }: Stack,
  name: string | undefined,
): readonly (readonly [string, SecretReference])[] {
  if (name === undefined) return Object.entries(secrets);
  const reference = secrets[name];
  if (reference === undefined)
    throw new UserError(`${stack} has no secret ${name} (there are ${Object.keys(secrets).join(', ')})`);
  return [[name, reference]];
}

function reveal(name: string, reference: SecretReference, vault: Vault): string {
  const value = readValue(name, reference, vault);
  return `${name}\t${value ?? `no value yet: ${whereFrom(name, reference, vault)}`}`;
}
