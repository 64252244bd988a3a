import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * What is put before a part's command so that Linux sends it SIGTERM when the supervisor is gone, however that ended:
 * the same process, no privilege. Empty where util-linux is missing. Source: setpriv(1), PR_SET_PDEATHSIG.
 */
export function deathGuard(platform: NodeJS.Platform, path: string | undefined): readonly string[] {
  const setpriv = platform === 'linux' ? findProgram('setpriv', path) : undefined;
  return setpriv === undefined ? [] : [setpriv, '--pdeathsig', 'TERM', '--'];
}

/** Absolute path of a program on `PATH`; undefined when there is none that may be executed. */
export function findProgram(name: string, path: string | undefined): string | undefined {
  return (path ?? '')
    .split(delimiter)
    .filter((directory) => directory.startsWith('/'))
    .map((directory) => join(directory, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
