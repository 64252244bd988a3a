import { z } from 'zod';
import type { SecretReference } from '../types.ts';

/**
 * The keys that hold a secret, wherever they stand: what is written at them or below is neither filled with variables nor
 * quoted in a message.
 */
export const secretKeys: ReadonlySet<string> = new Set(['token', 'password', 'webhook', 'heartbeat']);

const references = '{secret: <Kubernetes Secret>, key: <key>}, {env: <VARIABLE>} or {file: <path>}';
const part = (pattern: RegExp) => z.string().regex(pattern);

const reference = z.union([
  z
    .strictObject({ secret: part(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/), key: part(/^[\w.-]+$/) })
    .transform((found): SecretReference => ({ kind: 'kubernetes', ...found })),
  z.strictObject({ env: part(/^[A-Za-z_]\w*$/) }).transform(({ env }): SecretReference => ({ kind: 'env', name: env })),
  z
    .strictObject({ file: part(/^(?!~)(?!.*\$\{)./) })
    .transform(({ file }): SecretReference => ({ kind: 'file', path: file })),
]);

const refusal = (forms: string): string =>
  `a secret is never written here, neither itself nor as a variable; write where it is kept: ${forms}`;
const wording = (forms: string) => ({ error: () => refusal(forms) });

/** A secret that exists elsewhere. Its messages never hold what was found. */
export const secret = z
  .union([reference], wording(references))
  .meta({ id: 'secret', description: `where the secret is kept: ${references}` });

const withGenerate = `${references}, or generate`;

/** A secret that Lookout can also make up itself. */
export const generatedSecret = z
  .union(
    [reference, z.literal('generate').transform((): SecretReference => ({ kind: 'generate' }))],
    wording(withGenerate),
  )
  .meta({ id: 'generatedSecret', description: `where the secret is kept: ${withGenerate}` });
