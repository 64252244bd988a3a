import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { tableOf } from '../../provision/cluster/wait/table.ts';
import { until } from '../exporter/support/exporter.ts';
import { onTerminal, screenOf } from '../support/terminal.ts';
import { firstRound, secondRound, view } from './terminal/rounds.ts';

const program = join(import.meta.dirname, 'terminal', 'program.ts');
const draw = (columns: number, ...more: readonly string[]) => onTerminal([process.execPath, program, ...more], columns);

describe('a table of what is waited for', () => {
  test('tells how much is ready, and of the rest why not and for how long, what is hopeless first', () => {
    expect(tableOf(firstRound, 120)).toEqual([
      '  2 of 4 ready, 12 s',
      '✗ StatefulSet shop/lookout-grafana      12 s  container grafana: image cannot be pulled',
      '  StatefulSet shop/lookout-prometheus    3 s  0 of 1 ready: pod lookout-prometheus-0 is not scheduled yet',
    ]);
  });

  test.each([10, 40, 59, 60, 80])('fits into %i columns', (columns) => {
    for (const line of tableOf(firstRound, columns)) expect([...line].length).toBeLessThanOrEqual(columns);
  });

  test('takes no more of a terminal than it has, whatever there is to wait for', () => {
    const views = Array.from({ length: 40 }, (_, index) => view(`web-${index}`, 'is not there', 0));
    const lines = tableOf({ total: 40, views, elapsed: 0 }, 80);
    expect(lines.length).toBeLessThan(24);
    expect(lines.at(-1)).toBe('  and 25 more');
  });

  test('is empty when everything is ready', () => {
    expect(tableOf({ total: 4, views: [], elapsed: 1 }, 80)).toEqual([]);
  });
});

describe('on a terminal', () => {
  test.each([40, 120])('of %i columns the block is redrawn in its place and gone at the end', async (columns) => {
    const running = draw(columns);
    expect(await running.ended).toBe(0);
    expect(screenOf(running.output())).toEqual({
      lines: ['  created ConfigMap shop/lookout-prometheus', ''],
      cursor: true,
    });
    const last = running.output().lastIndexOf('ready, 13 s');
    const before = screenOf(running.output().slice(0, running.output().indexOf('\u001b', last)));
    expect(before.lines.slice(1)).toEqual([...tableOf(secondRound, columns - 1), '']);
    expect(before.cursor).toBe(false);
  });

  test('Ctrl-C gives the cursor back', async () => {
    const running = draw(80, 'stay');
    await until(() => running.output().includes('13 s'));
    expect(screenOf(running.output()).cursor).toBe(false);
    running.type('\u0003');
    expect(await running.ended).toBe(130);
    expect(screenOf(running.output()).cursor).toBe(true);
  });
});
