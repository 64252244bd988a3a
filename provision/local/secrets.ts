import type { Stack } from '../../stack/types.ts';
import { resolveValues, type SecretValues, type Vault } from '../credentials/values.ts';

/**
 * The values that the parts of a local stack get. The webhook of the local inbox is an address whose last segment is the
 * generated value.
 */
export function localValues(stack: Stack, vault: Vault): SecretValues {
  const values = resolveValues(stack.secrets, vault);
  const webhook = stack.alertmanager.slack?.webhook;
  if (webhook === undefined || !stack.local?.inbox || stack.secrets[webhook]?.kind !== 'generate') return values;
  return new Map([...values, [webhook, `http://${stack.local.inbox.http}/services/${values.get(webhook)}`]]);
}
