import { formatDuration } from '../../common/durations.ts';
import type { Shell } from '../cli/command.ts';
import { paint } from './announce.ts';
import type { Platform } from './platform.ts';
import type { Readiness } from './ready.ts';

/** What a person wants to know once the stack is up: where to look, what to try, where the data lies, how to stop. */
export function tellReady(
  { stack, paths, incidents, startedAt, now }: Platform,
  { up: answering, targets }: Readiness,
  shell: Shell,
): void {
  const seconds = ((now() - startedAt) / 1000).toFixed(1);
  const [first] = incidents?.list ?? [];
  const line = (name: string, text: string) => shell.print(`  ${name.padEnd(12)}${text}`);
  shell.print('');
  const wait = answering < targets ? ` The others are asked within ${formatDuration(stack.intervals.scrape)}.` : '';
  shell.print(
    paint(shell, 'bold', `${stack.name} is up after ${seconds} s: ${answering} of ${targets} targets answer.${wait}`),
  );
  line('Start page', paint(shell, 'cyan', `http://${stack.local?.startPage}/`));
  if (stack.local?.inbox) line('Inbox', `http://${stack.local.inbox.http}/`);
  if (first !== undefined) line('Try', `npx lookout incident ${first.name}   ${first.what}`);
  line('Data', `${paths.state} (kept; credentials in ${paths.credentials})`);
  line('Stop', 'Ctrl-C');
}
