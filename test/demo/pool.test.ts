import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Pool, PoolTimeoutError } from '../../demo/app/pool.ts';

function hold() {
  return Promise.withResolvers<void>();
}

test('a free connection is lent without waiting and given back', async () => {
  const waits: number[] = [];
  const pool = new Pool(['one', 'two'], 1, (seconds) => waits.push(seconds));
  const during = await pool.use(async (connection) => ({ connection, inUse: pool.inUse, idle: pool.idle }));
  expect(during).toEqual({ connection: 'two', inUse: 1, idle: 1 });
  expect(pool).toMatchObject({ inUse: 0, idle: 2, max: 2 });
  expect(waits).toHaveLength(1);
});

test('who finds none waits until one is given back, in the order of asking, and the waits are told', async () => {
  const waits: number[] = [];
  const order: string[] = [];
  const pool = new Pool(['only'], 5, (seconds) => waits.push(seconds));
  const busy = hold();
  const first = pool.use(() => busy.promise);
  const others = ['second', 'third'].map((name) => pool.use(async () => order.push(name)));
  expect(pool).toMatchObject({ inUse: 1, idle: 0, waiting: 2 });
  await sleep(60);
  busy.resolve();
  await Promise.all([first, ...others]);
  expect(order).toEqual(['second', 'third']);
  expect(waits.toSorted((one, other) => one - other)[0]).toBeLessThan(0.05);
  expect(Math.max(...waits)).toBeGreaterThan(0.05);
  expect(pool).toMatchObject({ inUse: 0, idle: 1, waiting: 0 });
});

test('who waits longer than the patience is refused, and leaves no gap in the queue', async () => {
  const pool = new Pool(['only'], 0.05, () => {});
  const busy = hold();
  const first = pool.use(() => busy.promise);
  await expect(pool.use(async () => {})).rejects.toThrow(PoolTimeoutError);
  expect(pool.waiting).toBe(0);
  busy.resolve();
  await first;
  await expect(pool.use(async (connection) => connection)).resolves.toBe('only');
});

test('work that fails gives its connection back', async () => {
  const pool = new Pool(['only'], 1, () => {});
  await expect(pool.use(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  expect(pool.idle).toBe(1);
});
