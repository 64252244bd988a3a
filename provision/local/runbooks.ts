import type { Own } from '../../dashboards/types.ts';
import { alertsWith, runbook } from '../../rules/index.ts';
import type { OutputFile, Stack } from '../../stack/types.ts';

/** The runbook of every alert with the values in force on a stack, as files for the start page. */
export function runbookFiles(stack: Stack, { topics }: Own): readonly OutputFile[] {
  return alertsWith(topics).flatMap(({ name }) => {
    const content = runbook(stack, name, topics);
    return content === undefined ? [] : [{ path: `runbooks/${name}.md`, content }];
  });
}
