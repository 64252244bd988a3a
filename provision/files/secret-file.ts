import { parse, stringify } from 'yaml';
import { UserError } from '../../common/problems.ts';
import type { KubernetesObject } from '../../k8s/types.ts';
import type { Data } from '../cluster/credentials/stored.ts';

/** What the file of a Secret tells without its values. */
export interface SecretFile {
  readonly keys: readonly string[];
  /** age recipients; null: it is in plain text. Source: sops documentation, the key `sops.age` of an encrypted file. */
  readonly recipients: readonly string[] | null;
}

/** @throws UserError when the text is no Secret. */
export function describeSecretFile(content: string, path: string): SecretFile {
  const { data, sops } = readYaml(content, path);
  return {
    keys: Object.keys(data).sort(),
    recipients: sops === undefined ? null : (sops.age ?? []).map(({ recipient }) => recipient).sort(),
  };
}

/** The values of a Secret in plain text. */
export function secretData(content: string, path: string): Data {
  const decoded = Object.entries(readYaml(content, path).data).map(([key, value]): [string, string] => [
    key,
    Buffer.from(value, 'base64').toString('utf8'),
  ]);
  return Object.fromEntries(decoded);
}

export function secretYaml(object: KubernetesObject): string {
  return stringify(object, { lineWidth: 0 });
}

interface Written {
  readonly kind?: unknown;
  readonly data?: Data;
  readonly sops?: { readonly age?: readonly { readonly recipient: string }[] };
}

/** Messages never quote the file: it may be in plain text. */
function readYaml(content: string, path: string): { readonly data: Data; readonly sops: Written['sops'] } {
  let found: Written | null = null;
  try {
    found = parse(content, { logLevel: 'silent' }) as Written | null;
  } catch {
    // Told below: the parser's own message quotes lines.
  }
  if (found?.kind !== 'Secret' || typeof found.data !== 'object')
    throw new UserError(`${path} is no Secret as Lookout writes it; move it away to have it made anew`);
  return { data: found.data, sops: found.sops };
}
