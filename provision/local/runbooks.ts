import { alertNames, runbook } from '../../rules/index.ts';
import type { OutputFile, Stack } from '../../stack/types.ts';

/** The runbook of every alert with the values in force on a stack, as files for the start page. */
export function runbookFiles(stack: Stack): readonly OutputFile[] {
  return alertNames.flatMap((name) => {
    const content = runbook(stack, name);
    return content === undefined ? [] : [{ path: `runbooks/${name}.md`, content }];
  });
}
