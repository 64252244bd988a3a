import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { UserError } from '../../common/problems.ts';

/** The program `sops` (https://getsops.io), which encrypts the values of a YAML file and leaves its keys readable. */
export interface Sops {
  /** The file `path` would be with this text, its `data` encrypted for these age recipients. */
  readonly encrypt: (plain: string, path: string, recipients: readonly string[]) => Promise<string>;
  /** The text of an encrypted file. It needs the key of one recipient, which sops finds as its documentation says. */
  readonly decrypt: (path: string) => Promise<string>;
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Values go to the program by its standard input (which `encrypt` reads when it is told only how the file will be called, from
 * 3.10 on) and come by its output, never by an argument or a file.
 */
export function sopsProgram(env: Env): Sops {
  return {
    encrypt: (plain, path, recipients) =>
      run(
        [
          'encrypt',
          `--age=${recipients.join(',')}`,
          '--encrypted-regex=^data$',
          '--input-type=yaml',
          '--output-type=yaml',
          `--filename-override=${path}`,
        ],
        plain,
        { env, about: `encrypt ${path}` },
      ),
    decrypt: (path) =>
      run(['decrypt', '--input-type=yaml', '--output-type=yaml', path], '', { env, about: `decrypt ${path}` }),
  };
}

async function run(
  args: readonly string[],
  input: string,
  { env, about }: { readonly env: Env; readonly about: string },
): Promise<string> {
  const child = spawn('sops', args, { env, stdio: 'pipe' });
  const ended = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  // A program that ends early closes its input: what it says about that is the error.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  try {
    const [code, output, complaint] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    if (code === 0) return output;
    throw new UserError(`could not ${about}: sops ended with ${code}: ${withoutInput(complaint, input)}`);
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOENT')) throw cause;
    throw new UserError(`could not ${about}: there is no program sops on the PATH; install it from https://getsops.io`);
  }
}

/** What sops says, unless it quotes a line of what it was given. */
function withoutInput(complaint: string, input: string): string {
  const lines = complaint.split('\n').map((line) => line.trim());
  const quoted = input.split(/\s+/).filter((word) => word.length >= 8);
  return lines.filter((line) => line !== '' && !quoted.some((word) => line.includes(word))).join(' ');
}
