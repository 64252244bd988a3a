import { UserError } from '../../../../common/problems.ts';
import type { SecretName } from '../../../../stack/types.ts';
import { randomValue } from '../../../credentials/values.ts';
import { type Rotating, rotating } from '../stored.ts';
import type { Ground } from './types.ts';

/** Milliseconds in which a pod has read a changed Secret: the kubelet looks once a minute where it is not woken. */
const patience = 180_000;
const pause = 500;

/** How far an earlier run came. */
export async function stateOf(ground: Ground, secret: SecretName): Promise<Rotating> {
  const found = rotating(secret, await ground.store.data());
  if (found !== undefined) return found;
  throw new UserError(`${secret} of ${ground.stack.name} has no value yet: lookout apply ${ground.stack.environment}`);
}

/** Writes a value and its neighbours in one moment, as long as nobody else works on the stack. */
export async function write(ground: Ground, secret: SecretName, value: Rotating): Promise<void> {
  await ground.mayWrite();
  await ground.store.write(secret, value);
}

/** The next value, written where nobody uses it yet; the one of an earlier run is kept. */
export async function writeNext(ground: Ground, secret: SecretName): Promise<Rotating & { readonly next: string }> {
  const { current, next } = await stateOf(ground, secret);
  if (next !== undefined) return { current, next };
  const made = { current, next: randomValue() };
  await write(ground, secret, made);
  ground.tell('next: a new value is written, nobody uses it yet');
  return made;
}

/** Whether it becomes so within that many milliseconds; asks again and again. */
export async function within(
  { now, sleep }: Pick<Ground, 'now' | 'sleep'>,
  milliseconds: number,
  ask: () => Promise<boolean>,
): Promise<boolean> {
  const end = now() + milliseconds;
  while (now() < end) {
    if (await ask().catch(() => false)) return true;
    await sleep(pause);
  }
  return false;
}

/**
 * Asks again and again until it is so.
 * @throws UserError naming what was waited for; what has been done so far stays, and the next run goes on.
 */
export async function until(
  { now, sleep }: Pick<Ground, 'now' | 'sleep'>,
  what: string,
  ask: () => Promise<boolean>,
): Promise<void> {
  const end = now() + patience;
  let last: unknown;
  while (now() < end) {
    const so = await ask().catch((error: unknown) => {
      last = error;
      return false;
    });
    if (so) return;
    await sleep(pause);
  }
  throw new UserError(
    `${what}: not seen within ${patience / 1000} s. Old and new are kept; run the same command again to go on`,
    { cause: last },
  );
}
