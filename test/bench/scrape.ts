import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { authorization } from './exporter.ts';
import { residentMegabytes } from './memory.ts';
import { type NodeExporter, serveText } from './node-exporter.ts';
import { requests, timeRequest, timeRequests } from './request.ts';
import { atMost, exactly, type Result, type Target } from './result.ts';
import type { Command, Reply } from './servers/loop.ts';
import { type ShapeName, shapes } from './servers/series.ts';

/** Scrapes of series that are there already, beside prom-client with the same ones and node_exporter with the same text. */
export async function benchScrape(): Promise<readonly Result[]> {
  const { ours, client, node, text } = await measureAll('wide');
  const { objects } = shapes.wide;
  const row = rowOf(`scrape of ${seriesIn(text)}`);
  return [
    row('plain', 'ms', ours.plain, { client: client.plain, node: node.plain }, atMost(15)),
    row('gzip', 'ms', ours.gzip, { client: client.gzip, node: node.gzip }, atMost(3)),
    row('processor time, plain', 'ms', [ours.processor], { client: [client.processor] }, null),
    row('event loop blocked at the longest', 'ms', [ours.blocked], blockedOf(client.blocked, ours.idle), atMost(20)),
    row('resident', 'MB', [ours.resident], { client: [client.resident], node: [node.resident] }, null),
    rowOf(`1% of ${objects} objects changed`)(
      'objects rendered',
      'objects',
      ours.change.map(({ rendered }) => rendered),
      { client: [objects] },
      exactly(objects / 100),
    ),
    rowOf(`1% of ${objects} objects changed`)(
      'event loop blocked at the longest, next scrapes included',
      'ms',
      [Math.max(...ours.change.map(({ blocked }) => blocked))],
      blockedOf(Math.max(...client.change.map(({ blocked }) => blocked)), ours.idle),
      atMost(20),
    ),
    rowOf(`all ${objects} objects changed while it is scraped`)(
      'event loop blocked at the longest',
      'ms',
      [ours.blockedByRefresh],
      blockedOf(client.blockedByRefresh, ours.idle),
      atMost(20),
    ),
  ];
}

/** The same with shorter lines. */
export async function benchNarrow(): Promise<readonly Result[]> {
  const { ours, client, node, text } = await measureAll('narrow');
  const row = rowOf(`scrape of ${seriesIn(text)}`);
  return [
    row('plain', 'ms', ours.plain, { client: client.plain, node: node.plain }, atMost(5)),
    row('gzip', 'ms', ours.gzip, { client: client.gzip, node: node.gzip }, null),
    row('resident', 'MB', [ours.resident], { client: [client.resident], node: [node.resident] }, null),
  ];
}

type Figures = readonly number[];

function blockedOf(client: number, idle: number): { readonly client: Figures; readonly idle: Figures } {
  return { client: [client], idle: [idle] };
}

function rowOf(work: string) {
  return (
    what: string,
    unit: Result['unit'],
    values: Figures,
    { client, node, idle }: { readonly client?: Figures; readonly node?: Figures; readonly idle?: Figures },
    target: Target | null,
  ): Result => ({
    work: `${work}: ${what}`,
    unit,
    values,
    baselines: [
      ...(client === undefined ? [] : [{ name: 'prom-client', values: client }]),
      ...(node === undefined ? [] : [{ name: 'node_exporter', values: node }]),
      ...(idle === undefined ? [] : [{ name: 'Node that does nothing, meanwhile', values: idle }]),
    ],
    target,
  });
}

function seriesIn(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const bytes = lines.reduce((sum, line) => sum + line.length + 1, 0);
  return `${lines.length} series of ${Math.round(bytes / lines.length)} bytes`;
}

async function measureAll(shape: ShapeName) {
  const ours = await measureServer('ours.ts', shape);
  const client = await measureServer('prom-client.ts', shape);
  const node = await serveText(ours.text, measureNodeExporter);
  return { ours, client, node, text: ours.text };
}

async function measureNodeExporter({ url, pid }: NodeExporter) {
  const plain = await timeRequests(url, {});
  const gzip = await timeRequests(url, { 'accept-encoding': 'gzip' });
  return { plain, gzip, resident: residentMegabytes(pid) };
}

async function measureServer(server: string, shape: ShapeName) {
  const child = fork(join(import.meta.dirname, 'servers', server), [shape]);
  const idle = fork(join(import.meta.dirname, 'servers/idle.ts'));
  try {
    const [port] = (await once(child, 'message')) as [number];
    await ask(idle, { kind: 'loop' });
    const url = `http://127.0.0.1:${port}/prometheus`;
    const gzipped = { ...authorization, 'accept-encoding': 'gzip' };
    const text = await (await fetch(url, { headers: authorization })).text();
    await ask(child, { kind: 'loop' });
    const plain = await timeRequests(url, authorization);
    const first = await ask(child, { kind: 'loop' });
    const gzip = await timeRequests(url, gzipped);
    const second = await ask(child, { kind: 'loop' });
    const change: Reply[] = [];
    for (let round = 0; round < 5; round += 1) {
      const changed = await ask(child, { kind: 'change', objects: shapes[shape].objects / 100 });
      await timeRequest(url, gzipped);
      await timeRequest(url, authorization);
      const after = await ask(child, { kind: 'loop' });
      change.push({ ...changed, blocked: Math.max(changed.blocked, after.blocked) });
    }
    const refresh = ask(child, { kind: 'change', objects: shapes[shape].objects });
    await timeRequest(url, authorization);
    const { blocked: blockedByRefresh } = await refresh;
    return {
      text,
      plain,
      gzip,
      processor: first.processor / requests,
      blocked: Math.max(first.blocked, second.blocked),
      change,
      blockedByRefresh,
      idle: (await ask(idle, { kind: 'loop' })).blocked,
      resident: residentMegabytes(child.pid ?? 0),
    };
  } finally {
    child.disconnect();
    idle.disconnect();
  }
}

async function ask(child: ChildProcess, command: Command): Promise<Reply> {
  child.send(command);
  const [reply] = (await once(child, 'message')) as [Reply];
  return reply;
}
