import { join } from 'node:path';
import { readIfPresent } from '../../common/files.ts';
import { UserError } from '../../common/problems.ts';
import type { SecretPlan } from '../../k8s/types.ts';
import type { OutputFile, SecretName, SecretReference, Stack } from '../../stack/types.ts';
import { kept, namesIn, renderEntries, type Values } from '../cluster/credentials/render.ts';
import { type Data, type Rotating, rotating, secretObject } from '../cluster/credentials/stored.ts';
import { randomValue, readValue, refusal, whereFrom } from '../credentials/values.ts';
import { describeSecretFile, secretData, secretYaml } from './secret-file.ts';
import type { Sops } from './sops.ts';

export interface SecretFileSources {
  readonly stack: Stack;
  readonly plans: readonly SecretPlan[];
  /** Where the files lie, or are to lie. */
  readonly directory: string;
  /** Of the operator's machine: where `{env}` is read. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** For whom the values are encrypted; null: they are written in plain text. */
  readonly recipients: readonly string[] | null;
  readonly sops: Sops;
}

/** Path of a planned Secret below the directory that others apply. */
export function secretPath({ name }: Pick<SecretPlan, 'name'>): string {
  return `secrets/${name}.yaml`;
}

/**
 * The file of every planned Secret. One that is there stays as it is, byte for byte, while its keys and its recipients are
 * those that are wanted; else it is decrypted, what it holds is kept, and it is encrypted anew. Nothing is made up again
 * when the key to what is there is missing.
 * @throws UserError naming every secret without a usable value, or why a file cannot be decrypted; never a value.
 */
export function secretFiles(sources: SecretFileSources): Promise<readonly OutputFile[]> {
  return Promise.all(
    sources.plans.map(async (plan) => ({ path: secretPath(plan), content: await secretFile(plan, sources) })),
  );
}

async function secretFile(plan: SecretPlan, sources: SecretFileSources): Promise<string> {
  const path = join(sources.directory, secretPath(plan));
  const before = readIfPresent(path);
  if (before !== undefined && isAsWanted(before, path, plan, sources)) return before;
  const stored = before === undefined ? {} : await openSecretFile(before, path, sources.sops);
  const values = resolve(plan, stored, sources);
  const entries = await renderEntries(plan, values, stored);
  const plain = secretYaml(secretObject(plan, { ...generated(values, sources.stack), ...entries }));
  return sources.recipients === null ? plain : sources.sops.encrypt(plain, path, sources.recipients);
}

function isAsWanted(
  content: string,
  path: string,
  plan: SecretPlan,
  { stack, recipients }: SecretFileSources,
): boolean {
  const file = describeSecretFile(content, path);
  const own = [...namesIn(plan)].filter((name) => stack.secrets[name]?.kind === 'generate');
  const keys = [...new Set([...Object.keys(plan.entries), ...own])].sort();
  const wanted = recipients === null ? null : [...recipients].sort();
  return JSON.stringify([file.keys, file.recipients]) === JSON.stringify([keys, wanted]);
}

/** What the file of a Secret holds, decrypted where it is encrypted. */
export async function openSecretFile(content: string, path: string, sops: Sops): Promise<Data> {
  const isPlain = describeSecretFile(content, path).recipients === null;
  return secretData(isPlain ? content : await sops.decrypt(path), path);
}

function resolve(plan: SecretPlan, stored: Data, { stack, env }: SecretFileSources): Values {
  const values = new Map<SecretName, Rotating>();
  const problems: string[] = [];
  for (const name of namesIn(plan)) {
    const reference = stack.secrets[name];
    if (reference === undefined) throw new Error(`a Secret is made of ${name}, which no one declares`);
    const value = findValue(name, reference, stored, env);
    const problem = value === undefined ? 'is missing' : refusal(value.current, reference);
    if (problem === undefined && value !== undefined) values.set(name, value);
    else problems.push(`secret ${name} ${problem}: ${place(name, reference, env)}`);
  }
  if (problems.length > 0) throw new UserError(problems.join('\n'));
  return values;
}

function findValue(
  name: SecretName,
  reference: SecretReference,
  stored: Data,
  env: SecretFileSources['env'],
): Rotating | undefined {
  if (reference.kind === 'generate') return rotating(name, stored) ?? { current: randomValue() };
  const current = readValue(name, reference, { directory: '', env });
  return current === undefined ? undefined : { current };
}

function place(name: SecretName, reference: SecretReference, env: SecretFileSources['env']): string {
  const where = whereFrom(name, reference, { directory: '', env });
  return reference.kind === 'kubernetes'
    ? `${where} cannot be read where files are written, and something has to be made of it: generate it, or keep it as {env} or {file}`
    : where;
}

function generated(values: Values, { secrets }: Stack): Data {
  const own = [...values].filter(([name]) => secrets[name]?.kind === 'generate');
  return Object.assign({}, ...own.map(([name, value]) => kept(name, value)));
}
