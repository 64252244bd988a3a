import { isIP } from 'node:net';
import { patternProblem } from '../../common/artifacts.ts';
import { cronProblem } from '../../common/cron.ts';
import { parseDuration } from '../../common/durations.ts';
import { parseBytes } from '../../common/quantities.ts';
import { isTimeZone } from '../../common/timezones.ts';
import { suggestion } from '../nearest.ts';
import type { ThresholdUnit } from '../types.ts';
import { isSupported, normalVersion, type Support } from '../versions.ts';
import { asText, asTextOrNumber, number, scalar, text } from './scalar.ts';

export { boolean, choice } from './scalar.ts';

/** Prometheus counts at most 292 years; a century is a typo already. */
function readDuration(found: string): number | undefined {
  const seconds = parseDuration(found);
  return seconds !== undefined && seconds <= 100 * 31_536_000 ? seconds : undefined;
}

function readBytes(found: string): number | undefined {
  const bytes = parseBytes(found);
  return bytes !== undefined && Number.isSafeInteger(bytes) && bytes > 0 ? bytes : undefined;
}

/** Seconds. */
export const duration = scalar('a duration such as 30s, 5m, 1h30m or 14d', readDuration, asText);

/** Seconds, more than none. */
export const interval = scalar(
  'a duration above zero such as 30s, 5m or 1h30m',
  (found) => (readDuration(found) === 0 ? undefined : readDuration(found)),
  asText,
);

/** Bytes. */
export const size = scalar('a size such as 64Mi, 2Gi or 500M', readBytes, asText);

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

/** Also part of the name of a Service, which has at most 63. */
export const databaseName = text(
  'a name of at most 40 lower-case letters, digits and - such as shop',
  /^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/,
);

/** Source: Kubernetes, Object Names and IDs, DNS subdomain names. */
export const objectName = text(
  'the name of a Kubernetes object: lower-case letters, digits, - and .',
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
);

const labelPattern = /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

export const labelKey = text(
  'the name of a label such as release',
  /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
);

export const labelValue = text('the value of a label: at most 63 letters, digits, -, _ and .', labelPattern);

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

/** Of a node of the cluster. */
export const absolutePath = text('an absolute path such as /var/lib/rancher/k3s/storage', /^\//);

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

/** Addresses of one network or of one machine. */
export const network = scalar<string>(
  'a network such as 10.42.0.0/16, or an IP address',
  (found) => {
    const [address = '', bits, more] = found.split('/');
    const longest = { 4: 32, 6: 128 }[isIP(address)];
    const fits = bits === undefined || (/^\d{1,3}$/.test(bits) && longest !== undefined && Number(bits) <= longest);
    return longest !== undefined && fits && more === undefined ? found : undefined;
  },
  asText,
);

export const header = text('the name of an HTTP header such as X-WEBAUTH-USER', /^[A-Za-z0-9-]+$/);

/** Registry and path without trailing slash. Source: the reference grammar of the Distribution project. */
export const registry = text(
  'a registry such as registry.example.com/lookout',
  /^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?(:\d{1,5})?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/,
);

/** Whoever has the secret key of it can read. Source: the age specification, Bech32 of X25519 recipients. */
export const ageRecipient = scalar<string>(
  'a recipient of age: age1 and 58 characters',
  (found) => {
    if (/^age1[02-9ac-hj-np-z]{58}$/.test(found)) return found;
    return {
      complaint: 'expected a recipient of age: age1 and 58 characters; its secret key is never written here',
      quiet: true,
    };
  },
  asText,
);

function readUrl(found: string): string | { readonly complaint: string; readonly quiet: true } | undefined {
  const parsed = URL.canParse(found) ? new URL(found) : undefined;
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol)) return undefined;
  if (parsed.username === '' && parsed.password === '') return found;
  return { complaint: 'a URL here carries no user name and no password', quiet: true };
}

/** Base URL without trailing slash. */
export const url = scalar<string>(
  'a URL such as https://grafana.example.com',
  (found) => {
    const read = readUrl(found);
    return typeof read === 'string' ? read.replace(/\/+$/, '') : read;
  },
  asText,
);

/** The address of a page as it is asked for, to the last character. */
export const page = scalar<string>('the URL of a page such as https://shop.example.com/login', readUrl, asText);

/** A limit in the unit of its alert: a number, a share, a duration in seconds or a size in bytes. */
export const threshold = scalar<Limit>(
  'a number, a share such as 90%, a duration such as 7d or a size such as 5Gi',
  (found) => {
    const share = /^(\d+(?:\.\d+)?)%$/.exec(found);
    if (share !== null) return limit(Number(share[1]) / 100, 'percentunit');
    if (/^-?\d+(?:\.\d+)?$/.test(found)) return limit(Number(found), null);
    return limit(readDuration(found), 's') ?? limit(readBytes(found), 'bytes');
  },
  asTextOrNumber,
);

/** A threshold, and the unit in which it was written; null for a plain number. */
export interface Limit {
  readonly value: number;
  readonly unit: ThresholdUnit | null;
}

/** Undefined for a number with so many digits that it is infinite. */
function limit(value: number | undefined, unit: ThresholdUnit | null): Limit | undefined {
  return Number.isFinite(value) && value !== undefined ? { value, unit } : undefined;
}

export function version(support: Support) {
  const range = `${support.first.replace(/\.0$/, '')} to ${support.newest}`;
  return scalar<string>(
    `a version of ${support.program} from ${range}`,
    (found) => {
      const normal = normalVersion(found);
      if (normal === undefined || isSupported(normal, support)) return normal;
      return { complaint: `${support.program} is supported from ${range}` };
    },
    asTextOrNumber,
  );
}

export const pace = number('a number from 1 to 60', (value) => value >= 1 && value <= 60);

/** Pods of one program. */
export const replicas = number(
  'a whole number from 1 to 9',
  (value) => Number.isInteger(value) && value >= 1 && value <= 9,
);

export const count = number('a whole number from 0', (value) => Number.isInteger(value) && value >= 0);

export const status = number(
  'a status code such as 200',
  (value) => Number.isInteger(value) && value >= 100 && value <= 599,
);

export const words = text('some words');

/** Of the blackbox exporter. */
export const module = text('the name of a module such as http_2xx', /^[A-Za-z0-9_.-]+$/);

/** Some kilobytes each: more of them need a claim. */
export const traces = number(
  'a whole number from 100 to 50000',
  (value) => Number.isInteger(value) && value >= 100 && value <= 50_000,
);

export const urlPath = text('a path that begins with / such as /metrics', /^\/\S*$/);

export const hostName = text('a name such as shop.example.com', /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$/);

export const mailbox = text('a mail address such as operator@example.com', /^[^\s@<>"]+@[^\s@<>"]+$/);

export const channel = text('a channel such as "#alerts"', /^[#@]\S+$/);

export const user = text('a name');

export const repository = text(
  'a name such as flux-system or a URL such as https://git.example.com/infra.git',
  /^\S+$/,
);

export const revision = text('a branch, tag or commit such as main', /^\S+$/);

export const context = text('the name of a context');

export const glob = text('a pattern such as *.log');

/** Source: `common/artifacts.ts`. */
export const pattern = scalar<string>(
  'a name with the fields of its time such as shop_%Y%m%d_%H%M%S.sql.gz',
  (found) => {
    const complaint = patternProblem(found);
    return complaint === undefined ? found : { complaint };
  },
  asText,
);
