import { userInfo } from 'node:os';
import { humanDuration, parseDuration } from '../../common/durations.ts';
import { UserError } from '../../common/problems.ts';
import { type PageClient, pageClient } from '../local/page-client.ts';
import { readSelection, statePaths } from '../local/selection.ts';
import { type NewSilence, parseMatcher } from '../local/status/silences.ts';
import type { LocalStatus, SilenceView } from '../local/status/types.ts';
import type { ExitCode, Input, Shell } from './command.ts';

/** `lookout silence`: lists the silences, makes one (`--matcher`, `--why`) or ends one (`--end`). */
export async function run(input: Input, shell: Shell): Promise<ExitCode> {
  const client = pageClient(statePaths(readSelection(input, shell), shell));
  if (client === null) throw new UserError('the stack is not up: start it with "npm start" or "lookout up" first');
  const { matcher, end } = input.options;
  if (typeof end === 'string') {
    await client.ask('DELETE', `api/silences/${encodeURIComponent(end)}`);
    shell.print(`ended ${end}`);
  } else if (Array.isArray(matcher)) {
    const silence = readSilence(matcher, input, shell);
    const { id } = await client.ask<{ readonly id: string }>('POST', 'api/silences', silence);
    shell.print(`${id} until ${new Date(silence.until).toISOString()}; end it with: lookout silence --end ${id}`);
  } else await list(client, input, shell);
  return 0;
}

function readSilence(matchers: readonly string[], { options }: Input, { now }: Shell): NewSilence {
  const { for: length = '4h', why, who = userInfo().username } = options;
  const seconds = typeof length === 'string' ? parseDuration(length) : undefined;
  if (seconds === undefined || seconds <= 0)
    throw new UserError(`--for ${length}: expected a duration such as 30m, 4h or 1d`);
  if (typeof why !== 'string' || why.trim() === '')
    throw new UserError('a silence needs a reason: --why "moving the disk"');
  const from = now();
  return { matchers: matchers.map(parseMatcher), who: String(who), why, from, until: from + seconds * 1000 };
}

async function list(client: PageClient, { options }: Input, { print, now }: Shell): Promise<void> {
  const { silences } = await client.ask<LocalStatus>('GET', 'api/status');
  if (options['json'] === true) print(JSON.stringify(silences, null, 2));
  else if (silences.length === 0) print('Nothing is silenced.');
  else for (const silence of silences) print(line(silence, now()));
}

function line({ id, matchers, who, why, until, hides }: SilenceView, now: number): string {
  const ends = `ends in ${humanDuration((until - now) / 1000)}`;
  return `${id}  ${matchers.join(', ')}  ${ends}, hides ${hides === 1 ? '1 alert' : `${hides} alerts`}  ${who}: ${why}`;
}
