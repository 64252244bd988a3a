import { monitorEventLoopDelay } from 'node:perf_hooks';
import { type Shape, shapeNames, shapes } from './series.ts';

/** What a benchmark asks of a server process and gets back, over IPC. */
export type Command = { readonly kind: 'loop' } | { readonly kind: 'change'; readonly objects: number };
export interface Reply {
  /** Longest time in milliseconds for which the event loop was blocked since it was last asked. */
  readonly blocked: number;
  /** Milliseconds of processor time since it was last asked: what a busy machine does not change. */
  readonly processor: number;
  /** Objects whose bytes a change made anew. */
  readonly rendered: number;
}

/** The series that the first argument of the process names. */
export function shapeAsked(): Shape {
  const name = shapeNames.find((each) => each === process.argv[2]);
  if (name === undefined) throw new Error(`name one of ${shapeNames.join(', ')}`);
  return shapes[name];
}

/** Answers the benchmark; `change` gives so many objects the values of that round, and tells how many were rendered. */
export function answerBenchmark(port: number, change: (round: number, objects: number) => Promise<number>): void {
  let round = 0;
  const resolution = 1;
  const delay = monitorEventLoopDelay({ resolution });
  delay.enable();
  let before = process.cpuUsage();
  process.on('message', async (command: Command) => {
    round += 1;
    const rendered = command.kind === 'change' ? await change(round, command.objects) : 0;
    await new Promise((resolve) => setTimeout(resolve, 5 * resolution));
    const { user, system } = process.cpuUsage(before);
    const blocked = Math.max(delay.max / 1e6 - resolution, 0);
    process.send?.({ blocked, processor: (user + system) / 1000, rendered } satisfies Reply);
    delay.reset();
    before = process.cpuUsage();
  });
  process.on('disconnect', () => process.exit());
  process.send?.(port);
}
