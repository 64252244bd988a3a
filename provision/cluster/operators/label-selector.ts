/** Source: Kubernetes API reference, LabelSelector. */
export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly Requirement[];
}

export interface Requirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values?: readonly string[];
}

export type ObjectLabels = Readonly<Record<string, string>>;

/** What of a selector these labels do not meet; none: it selects. An empty selector selects everything. */
export function unmet({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: ObjectLabels) {
  const equal = Object.entries(matchLabels).map(
    ([key, value]): Requirement => ({ key, operator: 'In', values: [value] }),
  );
  return [...equal, ...matchExpressions].filter((requirement) => !meets(requirement, labels));
}

/** A label that is not there is not in any list. */
function meets({ key, operator, values = [] }: Requirement, labels: ObjectLabels): boolean {
  const found = labels[key];
  switch (operator) {
    case 'In':
      return found !== undefined && values.includes(found);
    case 'NotIn':
      return found === undefined || !values.includes(found);
    case 'Exists':
      return found !== undefined;
    case 'DoesNotExist':
      return found === undefined;
  }
}

/** For people: `release=monitoring`, `team in (a, b)`, `without hidden`. */
export function describeRequirement({ key, operator, values = [] }: Requirement): string {
  const [only] = values;
  if (operator === 'In' && values.length === 1) return `${key}=${only}`;
  if (operator === 'In') return `${key} in (${values.join(', ')})`;
  if (operator === 'NotIn') return `${key} not in (${values.join(', ')})`;
  return operator === 'Exists' ? `a label ${key}` : `no label ${key}`;
}

/** A label that would meet it; undefined when one has to be taken away. */
export function remedy({ key, operator, values = [] }: Requirement): readonly [string, string] | undefined {
  const [first = 'true'] = values;
  return operator === 'In' || operator === 'Exists' ? [key, first] : undefined;
}
