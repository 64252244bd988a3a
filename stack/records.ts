/** Seconds of the machinery at a pace, to the millisecond that Prometheus knows. */
export function paced(seconds: number, pace: number): number {
  return Math.round((seconds / pace) * 1000) / 1000;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

export function defined<T extends object>(record: T): Defined<T> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as Defined<T>;
}
