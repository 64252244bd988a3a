import { z } from 'zod';
import { cronProblem } from '../../common/cron.ts';
import { parseDuration } from '../../common/durations.ts';
import { parseBytes } from '../../common/quantities.ts';
import { isTimeZone } from '../../common/timezones.ts';
import { suggestion } from '../nearest.ts';
import { isSupported, normalVersion, type Support } from '../versions.ts';

/** Why a text was refused, where more can be said than what is expected. `quiet`: the text itself must not be shown. */
interface Complaint {
  readonly complaint: string;
  readonly quiet?: boolean;
}

type JsonType = { readonly type: 'string' | 'number' | 'boolean' };

/**
 * A scalar: `read` gives its value, undefined when the text is not what is expected, or a complaint. Everything that a
 * schema gets is text (see `tree.ts`); `json` is the type that an editor is told.
 */
function scalar<T>(expected: string, read: (text: string) => T | Complaint | undefined, json: JsonType) {
  return z
    .string({ error: expected })
    .transform((text, context): T => {
      const found = text === '' ? undefined : read(text);
      const complaint: Complaint | undefined = isComplaint(found) ? found : undefined;
      if (found !== undefined && complaint === undefined) return found as T;
      context.issues.push({
        code: 'custom',
        input: text,
        message: complaint?.complaint ?? expected,
        params: { ...complaint },
      });
      return z.NEVER;
    })
    .meta({ ...json, description: expected });
}

function isComplaint(value: unknown): value is Complaint {
  return typeof value === 'object' && value !== null && 'complaint' in value;
}

const asText = { type: 'string' } as const;

export function text(expected: string, pattern = /\S/) {
  return scalar(expected, (found) => (pattern.test(found) ? found : undefined), asText);
}

export function choice<const T extends string>(values: readonly T[]) {
  const expected = values.length === 1 ? `${values[0]}` : `one of ${values.join(', ')}`;
  return z.enum(values, { error: expected }).meta({ description: expected });
}

export function number(expected: string, fits: (value: number) => boolean) {
  const read = (found: string): number | undefined => {
    const value = /^-?\d+(?:\.\d+)?$/.test(found) ? Number(found) : Number.NaN;
    return fits(value) ? value : undefined;
  };
  return scalar(expected, read, { type: 'number' });
}

export const boolean = scalar(
  'true or false',
  (found) => (found === 'true' ? true : found === 'false' ? false : undefined),
  { type: 'boolean' },
);

/** Seconds. */
export const duration = scalar('a duration such as 30s, 5m, 1h30m or 14d', parseDuration, asText);

/** Seconds, more than none. */
export const interval = scalar(
  'a duration above zero such as 30s, 5m or 1h30m',
  (found) => (parseDuration(found) === 0 ? undefined : parseDuration(found)),
  asText,
);

/** Bytes. */
export const size = scalar('a size such as 64Mi, 2Gi or 500M', parseBytes, asText);

/** A name that becomes a label value and part of file and object names. */
export const name = text(
  'a name of lower-case letters, digits, - and . such as shop-database',
  /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
);

/** Source: Kubernetes, Object Names and IDs, RFC 1123 label names. */
export const label = text(
  'a name of at most 63 lower-case letters, digits and - such as shop',
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
);

export const timezone = scalar<string>(
  'a time zone of the IANA database such as Europe/Berlin',
  (found) => {
    const known = ['UTC', ...Intl.supportedValuesOf('timeZone')];
    if (known.includes(found)) return found;
    const written = known.some((zone) => zone.toLowerCase() === found.toLowerCase());
    if (!written && isTimeZone(found)) return found;
    return { complaint: `no time zone of the IANA database${suggestion(found, known)}` };
  },
  asText,
);

export const cron = scalar<string>(
  'a cron schedule of five fields such as 0 2 * * *',
  (found) => {
    const complaint = cronProblem(found);
    return complaint === undefined ? found.trim() : { complaint };
  },
  asText,
);

export const path = scalar<string>(
  'a path, absolute or relative to the folder of the environment',
  (found) =>
    found.startsWith('~') ? { complaint: '~ is not expanded; write the path out, or take the variable HOME' } : found,
  asText,
);

export interface HostPort {
  readonly host: string;
  readonly port: number | undefined;
}

const hostPort = /^(?<host>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?)(?::(?<port>\d{1,5}))?$/;

function readHost(found: string): HostPort | undefined {
  const groups = hostPort.exec(found)?.groups;
  if (groups?.['host'] === undefined) return undefined;
  const port = groups['port'] === undefined ? undefined : Number(groups['port']);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  return { host: groups['host'], port };
}

/** A server whose port may be left out. */
export const server = scalar('a server as host or host:port such as shop.example.com:443', readHost, asText);

/** `host:port`. */
export const address = scalar(
  'an address as host:port such as shop:8000',
  (found) => (readHost(found)?.port === undefined ? undefined : found),
  asText,
);

/** Base URL without trailing slash. */
export const url = scalar<string>(
  'a URL such as https://grafana.example.com',
  (found) => {
    const parsed = URL.canParse(found) ? new URL(found) : undefined;
    if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol)) return undefined;
    if (parsed.username !== '' || parsed.password !== '') {
      return { complaint: 'a URL here carries no user name and no password', quiet: true };
    }
    return found.replace(/\/+$/, '');
  },
  asText,
);

/** A limit in the unit of its alert: a number, a share, a duration in seconds or a size in bytes. */
export const threshold = scalar(
  'a number, a share such as 90%, a duration such as 7d or a size such as 5Gi',
  (found) => {
    const share = /^(\d+(?:\.\d+)?)%$/.exec(found);
    if (share !== null) return Number(share[1]) / 100;
    return /^-?\d+(?:\.\d+)?$/.test(found) ? Number(found) : (parseDuration(found) ?? parseBytes(found));
  },
  asText,
);

export function version(support: Support) {
  const range = `${support.first.replace(/\.0$/, '')} to ${support.newest}`;
  return scalar<string>(
    `a version of ${support.program} from ${range}`,
    (found) => {
      const normal = normalVersion(found);
      if (normal === undefined || isSupported(normal, support)) return normal;
      return { complaint: `${support.program} is supported from ${range}` };
    },
    asText,
  );
}
