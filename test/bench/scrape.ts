import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { medianRequest, type Result, requests, residentMegabytes, timeRequest } from './measure.ts';
import type { Command, Reply } from './servers/loop.ts';
import { objects } from './servers/series.ts';

interface Measured {
  readonly plain: number;
  readonly gzip: number;
  readonly processor: number;
  readonly blocked: number;
  readonly blockedByRefresh: number;
  readonly rendered: number;
  readonly resident: number;
}

/** Scrapes of 100 000 series that are there already, beside prom-client with the same ones. */
export async function benchScrape(): Promise<readonly Result[]> {
  const ours = await measure('ours.ts');
  const theirs = await measure('prom-client.ts');
  const row = (work: string, value: (of: Measured) => number, unit: Result['unit'], budget: number | null): Result => ({
    work,
    value: value(ours),
    unit,
    budget,
    baseline: { name: 'prom-client', value: value(theirs) },
  });
  return [
    row('scrape of 100 000 series, plain', ({ plain }) => plain, 'ms', 15),
    row('scrape of 100 000 series, gzip', ({ gzip }) => gzip, 'ms', 3),
    row('processor time of a plain scrape', ({ processor }) => processor, 'ms', null),
    row('event loop blocked by scrapes', ({ blocked }) => blocked, 'ms', 20),
    row('event loop blocked while all is rendered anew', ({ blockedByRefresh }) => blockedByRefresh, 'ms', 20),
    row('objects rendered when 1% of 20 000 changed', ({ rendered }) => rendered, 'objects', objects / 100),
    row('resident with 100 000 series', ({ resident }) => resident, 'MB', null),
  ];
}

async function measure(server: string): Promise<Measured> {
  const child = fork(join(import.meta.dirname, 'servers', server));
  try {
    const [port] = (await once(child, 'message')) as [number];
    const url = `http://127.0.0.1:${port}/prometheus`;
    const authorization = 'Bearer bench';
    await ask(child, { kind: 'loop' });
    const plain = await medianRequest(url, { authorization });
    const first = await ask(child, { kind: 'loop' });
    const gzip = await medianRequest(url, { authorization, 'accept-encoding': 'gzip' });
    const second = await ask(child, { kind: 'loop' });
    const { rendered } = await ask(child, { kind: 'change', objects: objects / 100 });
    const refresh = ask(child, { kind: 'change', objects });
    await timeRequest(url, { authorization });
    const { blocked: blockedByRefresh } = await refresh;
    return {
      plain: plain.milliseconds,
      gzip: gzip.milliseconds,
      processor: first.processor / requests,
      blocked: Math.max(first.blocked, second.blocked),
      blockedByRefresh,
      rendered,
      resident: residentMegabytes(child.pid ?? 0),
    };
  } finally {
    child.disconnect();
  }
}

async function ask(child: ChildProcess, command: Command): Promise<Reply> {
  child.send(command);
  const [reply] = (await once(child, 'message')) as [Reply];
  return reply;
}
