/** A metric family as data: the contract between exporter, rules and dashboards. */
export interface Family<Label extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly type: 'gauge' | 'counter';
  readonly labels: readonly Label[];
  /** `stable`: name, type and labels change only with a major version. */
  readonly stability: 'stable' | 'experimental';
}

export function gauge<Label extends string>(name: string, labels: readonly Label[], help: string): Family<Label> {
  return { name, help, type: 'gauge', labels, stability: 'stable' };
}

export function counter<Label extends string>(name: string, labels: readonly Label[], help: string): Family<Label> {
  return { name, help, type: 'counter', labels, stability: 'stable' };
}

/** The base unit that a name ends with, before the `_total` of counters. */
export function unitOf(name: string): string | undefined {
  return /_(seconds|bytes)(_total)?$/.exec(name)?.[1];
}
