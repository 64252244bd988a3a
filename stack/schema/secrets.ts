import { z } from 'zod';
import type { SecretReference } from '../types.ts';

/**
 * The keys that hold a secret, wherever they stand: what is written at them or below is neither filled with variables nor
 * quoted in a message.
 */
export const secretKeys: ReadonlySet<string> = new Set([
  'token',
  'password',
  'connection',
  'webhook',
  'heartbeat',
  'clientSecret',
]);

const references = '{secret: <Kubernetes Secret>, key: <key>}, {env: <VARIABLE>} or {file: <path>}';
const withGenerate = `${references}, or generate`;

/** Every message of a secret is the same, whatever is wrong: it must not hold what was found. */
function wording(forms: string) {
  const refusal = `a secret is never written here, neither itself nor as a variable; write where it is kept: ${forms}`;
  return { error: () => refusal };
}

function reference(error: ReturnType<typeof wording>) {
  const part = (pattern: RegExp) => z.string(error).regex(pattern, error);
  const name = part(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/);
  return [
    z
      .strictObject({ secret: name, key: part(/^[\w.-]+$/) }, error)
      .transform((found): SecretReference => ({ kind: 'kubernetes', ...found })),
    z
      .strictObject({ env: part(/^[A-Za-z_]\w*$/) }, error)
      .transform(({ env }): SecretReference => ({ kind: 'env', name: env })),
    z
      .strictObject({ file: part(/^(?!~)(?!.*\$\{)./) }, error)
      .transform(({ file }): SecretReference => ({ kind: 'file', path: file })),
  ] as const;
}

/** A secret that exists elsewhere. */
export const secret = z
  .union(reference(wording(references)), wording(references))
  .meta({ id: 'secret', description: `where the secret is kept: ${references}` });

const generate = z.literal('generate', wording(withGenerate)).transform((): SecretReference => ({ kind: 'generate' }));

/** A secret that Lookout can also make up itself. */
export const generatedSecret = z
  .union([...reference(wording(withGenerate)), generate], wording(withGenerate))
  .meta({ id: 'generatedSecret', description: `where the secret is kept: ${withGenerate}` });
