const unitSeconds = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 } as const;
const duration = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;
const order = ['y', 'w', 'd', 'h', 'm', 's', 'ms'] as const;

/**
 * Seconds of a Prometheus duration such as `1h30m` or `15d`; undefined when it is none. `0` is a duration.
 * Source: prometheus/common model.ParseDuration.
 */
export function parseDuration(text: string): number | undefined {
  if (text === '0') return 0;
  const match = duration.exec(text);
  if (text === '' || match === null) return undefined;
  return order.reduce((sum, unit, index) => sum + Number(match[index + 1] ?? 0) * unitSeconds[unit], 0);
}

/**
 * A Prometheus duration of whole milliseconds, in as few units as are exact: 90 -> `1m30s`, 0 -> `0s`.
 * @throws RangeError for a number that is negative or not finite.
 */
export function formatDuration(seconds: number): string {
  if (!(seconds >= 0 && Number.isFinite(seconds))) throw new RangeError(`${seconds} s are no Prometheus duration`);
  let rest = Math.round(seconds * 1000);
  if (rest === 0) return '0s';
  const parts: string[] = [];
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const size = unitSeconds[unit] * 1000;
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * size;
  }
  return parts.join('');
}

/** A duration as a person says it, in at most two units: 11520 -> `3 h 12 min`. */
export function humanDuration(seconds: number): string {
  const names = [
    ['d', 86_400],
    ['h', 3600],
    ['min', 60],
    ['s', 1],
  ] as const;
  let rest = Math.round(Math.abs(seconds));
  const first = names.findIndex(([, size]) => rest >= size);
  if (first < 0) return '0 s';
  const parts: string[] = [];
  for (const [name, size] of names.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count} ${name}`);
    rest -= count * size;
  }
  return parts.join(' ');
}
