import type { Outcome } from '../model/reading.ts';
import type { TaskContext } from './task.ts';

/** A task whose types are known to its collector alone. It may wait for its own code to be loaded, and for nothing else. */
export type AnyTask = (
  request: never,
  previous: never,
  context: TaskContext,
) => Outcome<unknown> | Promise<Outcome<unknown>>;

/** Every task, loaded when a child is first asked for it. */
export const tasks = {
  backup: () => import('../collectors/backups/task.ts'),
  certificate: () => import('../collectors/certificates/task.ts'),
  volume: () => import('../collectors/volumes/task.ts'),
} satisfies Readonly<Record<string, () => Promise<{ readonly task: AnyTask }>>>;

export type TaskName = keyof typeof tasks;
