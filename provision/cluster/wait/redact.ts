import type { KubernetesObject } from '../../../k8s/types.ts';

/** Shorter values would blank out ordinary words. */
const shortest = 4;

/** Takes the values of these objects' Secrets out of a text that others wrote: the lines of a container, an event. */
export function redactor(objects: readonly KubernetesObject[]): (text: string) => string {
  const encoded = objects
    .filter(({ apiVersion, kind }) => apiVersion === 'v1' && kind === 'Secret')
    .flatMap((secret) => Object.values((secret['data'] ?? {}) as Readonly<Record<string, string>>));
  const values = encoded.flatMap((value) => [value, ...Buffer.from(value, 'base64').toString().split('\n')]);
  const hidden = [...new Set(values.map((value) => value.trim()))]
    .filter((value) => value.length >= shortest)
    .toSorted((one, other) => other.length - one.length);
  return (text) => hidden.reduce((left, value) => left.replaceAll(value, '(hidden)'), text);
}
