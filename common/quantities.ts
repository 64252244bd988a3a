const factors: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

/**
 * Bytes of a Kubernetes quantity such as `64Mi`, `2G` or `1048576`; undefined when it is none.
 * Source: Kubernetes API reference, Quantity (suffixes below peta; no exponents).
 */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(text);
  if (match === null) return undefined;
  const factor = factors[match[2] ?? ''];
  return factor === undefined ? undefined : Math.round(Number(match[1]) * factor);
}

/** Bytes for people, in binary units: 67108864 -> `64 MiB`. */
export function humanBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  const whole = units.findIndex((_, power) => Math.round(bytes / 1024 ** power) < 1024);
  const power = whole < 0 ? units.length - 1 : whole;
  const value = bytes / 1024 ** power;
  return `${value >= 100 || power === 0 ? Math.round(value) : Number(value.toPrecision(3))} ${units[power]}`;
}
