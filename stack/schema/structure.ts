import { z } from 'zod';
import { label, labelKey, labelValue, objectName } from './scalars.ts';

/** A map with exactly these keys. The message of unknown keys is the list of the known ones, for `problems.ts`. */
export function section<Shape extends z.ZodRawShape>(description: string, shape: Shape) {
  const keys = Object.keys(shape).join(', ');
  const error = (issue: { readonly code?: string | undefined }): string =>
    issue.code === 'unrecognized_keys' ? keys : `a section with ${keys}`;
  return z.strictObject(shape, { error }).meta({ description });
}

export function list<Item extends z.ZodType>(description: string, item: Item) {
  return z.array(item, { error: `a list: ${description}` }).meta({ description });
}

/** Overrides by alert name. */
export function byAlert<Item extends z.ZodType>(item: Item) {
  const expected = 'the name of an alert such as BackupMissed';
  const alertName = z.string().regex(/^[A-Z][A-Za-z0-9]*$/, { error: expected });
  return z
    .record(alertName, item, { error: `a section of alerts by name` })
    .meta({ description: 'overrides by alert' });
}

/** Labels of Kubernetes objects. Source: Kubernetes, Labels and Selectors. */
export function labels(meaning: string, otherwise: string) {
  const error = { error: 'a section of labels such as release: prometheus' };
  return optional(meaning, z.record(labelKey, labelValue, error), otherwise);
}

/** An object of the cluster: its name, or a section where it is in another namespace than that of the environment. */
export function named(kind: string) {
  const error = { error: `the name of a ${kind}, or a section with namespace and name` };
  const both = z.strictObject({ namespace: label, name: objectName }, error);
  return z.union([objectName.transform((name) => ({ name, namespace: undefined })), both], error);
}

/** A key that must be there. `meaning` is what an editor shows. */
export function required<Value extends z.ZodType>(meaning: string, value: Value): Value {
  const form = z.globalRegistry.get(value)?.description;
  return value.meta({ description: form === undefined ? meaning : `${meaning}: ${form}` });
}

/** A key that may be left out; `otherwise` says what holds then. */
export function optional<Value extends z.ZodType>(meaning: string, value: Value, otherwise?: string) {
  return required(otherwise === undefined ? meaning : `${meaning} (default: ${otherwise})`, value).optional();
}
