import type { Family } from '../metrics/family.ts';

/** One value of a family. Label values are any text; they are escaped when they are written. */
export interface Sample {
  readonly family: Family;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A sample with exactly the labels of its family. `value` is in the unit of the family's name; `Infinity` is allowed. */
export function sample<Label extends string>(
  family: Family<Label>,
  labels: Readonly<Record<Label, string>>,
  value: number,
): Sample {
  return { family, labels, value };
}
