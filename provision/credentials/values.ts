import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileAtomic } from '../../common/files.ts';
import { UserError } from '../../common/problems.ts';
import type { SecretName, SecretReference } from '../../stack/types.ts';

/** Where values are found: generated ones in a private directory, the others where their reference says. */
export interface Vault {
  /** Absolute path of the directory of generated values, one 0600 file each. */
  readonly directory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type Secrets = Readonly<Record<SecretName, SecretReference>>;
export type SecretValues = ReadonlyMap<SecretName, string>;

/**
 * The value of every secret; the ones to generate are made once and kept.
 * @throws UserError naming every secret without a usable value, and where one was looked for; never a value.
 */
export function resolveValues(secrets: Secrets, vault: Vault): SecretValues {
  const values = new Map<SecretName, string>();
  const problems: string[] = [];
  for (const [name, reference] of Object.entries(secrets)) {
    const value = readValue(name, reference, vault) ?? generate(name, reference, vault);
    const problem = value === undefined ? 'is missing' : refusal(value, reference);
    if (problem === undefined && value !== undefined) values.set(name, value);
    else problems.push(`secret ${name} ${problem}: ${whereFrom(name, reference, vault)}`);
  }
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return values;
}

/** The value that a secret has now, without the line end of its file; undefined when it has none yet. */
export function readValue(name: SecretName, reference: SecretReference, vault: Vault): string | undefined {
  switch (reference.kind) {
    case 'generate':
      return readSecretFile(name, join(vault.directory, name));
    case 'file':
      return readSecretFile(name, reference.path);
    case 'env':
      return vault.env[reference.name];
    case 'kubernetes':
      return undefined;
  }
}

/** Where a person finds the value, in words: a file, a variable, a Secret. */
export function whereFrom(name: SecretName, reference: SecretReference, vault: Vault): string {
  switch (reference.kind) {
    case 'generate':
      return join(vault.directory, name);
    case 'file':
      return reference.path;
    case 'env':
      return `environment variable ${reference.name}`;
    case 'kubernetes':
      return `key ${reference.key} of the Secret ${reference.secret}`;
  }
}

/** Why others than its owner may read a secret's file; undefined when they may not, or when it is no file. */
export function exposure(name: SecretName, reference: SecretReference, vault: Vault): string | undefined {
  if (reference.kind !== 'generate' && reference.kind !== 'file') return undefined;
  const path = whereFrom(name, reference, vault);
  const mode = statSync(path, { throwIfNoEntry: false })?.mode;
  if (mode === undefined) return `${path} does not exist`;
  return (mode & 0o077) === 0 ? undefined : `${path} has mode ${(mode & 0o777).toString(8)}: chmod 600 it`;
}

/** 256 random bits in characters that neither YAML, a URL nor a header has to escape. */
export function randomValue(): string {
  return randomBytes(32).toString('base64url');
}

function generate(name: SecretName, reference: SecretReference, vault: Vault): string | undefined {
  if (reference.kind !== 'generate') return undefined;
  const value = randomValue();
  writeFileAtomic(join(vault.directory, name), `${value}\n`, 0o600);
  return value;
}

function readSecretFile(name: SecretName, path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new UserError(`secret ${name}: cannot read ${path}`, { cause: error });
  }
}

/** Why a value cannot be used: a header, a configuration file and a URL carry one line of text, and a document any. */
export function refusal(value: string, reference: SecretReference): string | undefined {
  if (value.trim() === '') return 'is empty';
  if (reference.kind === 'kubernetes' && reference.document === true) return undefined;
  return /\p{Cc}/u.test(value) ? 'has a line break or another control character in it' : undefined;
}
