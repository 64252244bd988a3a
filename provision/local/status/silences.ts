import { UserError } from '../../../common/problems.ts';
import type { PartClient } from '../types.ts';
import type { ToldAlert } from './alerts.ts';
import { askJson } from './ask.ts';
import type { SilenceView } from './types.ts';

/** `name="value"`, `name!="value"`, `name=~"pattern"`, `name!~"pattern"`. */
export interface Matcher {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

/** Source: Alertmanager, api/v2/openapi.yaml, gettableSilence. */
interface SilenceAnswer {
  readonly id: string;
  readonly status: { readonly state: 'active' | 'pending' | 'expired' };
  readonly matchers: readonly Matcher[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

export interface NewSilence {
  readonly matchers: readonly Matcher[];
  readonly who: string;
  readonly why: string;
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly until: number;
}

/** The silences that hold or will, the one that ends first at the top. */
export async function askSilences(
  alertmanager: PartClient,
  told: readonly ToldAlert[],
): Promise<readonly SilenceView[]> {
  const silences = await askJson<readonly SilenceAnswer[]>(alertmanager, '/api/v2/silences');
  return silences.flatMap((silence) => view(silence, told)).sort((a, b) => a.until - b.until || (a.id < b.id ? -1 : 1));
}

function view(silence: SilenceAnswer, told: readonly ToldAlert[]): SilenceView[] {
  const { id, status, matchers, startsAt, endsAt, createdBy, comment } = silence;
  if (status.state === 'expired') return [];
  return [
    {
      id,
      matchers: matchers.map(formatMatcher),
      who: createdBy,
      why: comment,
      from: Date.parse(startsAt),
      until: Date.parse(endsAt),
      state: status.state,
      hides: told.filter((alert) => alert.status.silencedBy.includes(id)).length,
    },
  ];
}

/** Makes a silence and gives its id. */
export async function createSilence(alertmanager: PartClient, silence: NewSilence): Promise<string> {
  const { matchers, who, why, from, until } = silence;
  const body = JSON.stringify({
    matchers,
    createdBy: who,
    comment: why,
    startsAt: new Date(from).toISOString(),
    endsAt: new Date(until).toISOString(),
  });
  const answer = await askJson<{ readonly silenceID: string }>(alertmanager, '/api/v2/silences', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return answer.silenceID;
}

/** Ends a silence now. */
export async function expireSilence(alertmanager: PartClient, id: string): Promise<void> {
  const response = await alertmanager(`/api/v2/silence/${encodeURIComponent(id)}`, { method: 'DELETE' });
  const text = await response.text();
  if (!response.ok) throw new UserError(`Alertmanager did not end silence ${id}: ${response.status} ${text.trim()}`);
}

/**
 * Reads a matcher as people write it: `alertname=BackupMissed`, `claim=~"shop-.*"`. The value may stand in double quotes.
 * @throws UserError showing what one looks like.
 */
export function parseMatcher(text: string): Matcher {
  const [, name, operator, value = ''] = /^\s*([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*(.*?)\s*$/s.exec(text) ?? [];
  if (name === undefined || operator === undefined)
    throw new UserError(
      `${JSON.stringify(text)} is no matcher; one looks like alertname=BackupMissed or claim=~"shop-.*"`,
    );
  return { name, value: unquote(value), isRegex: operator.endsWith('~'), isEqual: operator.startsWith('=') };
}

export function formatMatcher({ name, value, isRegex, isEqual }: Matcher): string {
  const operator = isEqual === false ? (isRegex ? '!~' : '!=') : isRegex ? '=~' : '=';
  return `${name}${operator}${JSON.stringify(value)}`;
}

function unquote(value: string): string {
  return /^".*"$/s.test(value) ? value.slice(1, -1).replaceAll(/\\(["\\])/g, '$1') : value;
}
