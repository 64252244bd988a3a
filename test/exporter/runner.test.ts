import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Collector } from '../../exporter/collectors/collector.ts';
import { Exposition } from '../../exporter/exposition/exposition.ts';
import { families } from '../../exporter/metrics/index.ts';
import { volumeMetrics } from '../../exporter/metrics/volume.ts';
import { mountOf, parseMounts } from '../../exporter/model/mounts.ts';
import { sample } from '../../exporter/model/sample.ts';
import { Board } from '../../exporter/runner/board.ts';
import { expire, newEntry, note, noteHang } from '../../exporter/runner/entry.ts';
import { Slots } from '../../exporter/runner/slots.ts';

const read = { kind: 'file', task: 'volume', request: null, path: '/' } as const;
const source = { name: 'data', declared: null, read };
const broken = { reason: 'not_found', message: 'gone' } as const;

function collector(samples: Collector['samples']): Collector {
  return { name: 'volumes', families: [], sources: () => [source], samples };
}

const entry = () =>
  newEntry(
    collector(() => []),
    source,
  );

describe('a reading', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  test('counts as the present one for three intervals of failing, whatever the clock is set to meanwhile', () => {
    const each = entry();
    note(each, { reading: 'first', problem: null }, 1_000_000, 60);
    for (const [elapsed, now] of [
      [60, 5],
      [60, 9_000_000],
    ] as const) {
      vi.advanceTimersByTime(elapsed * 1000);
      note(each, { reading: null, problem: broken }, now, 60);
      expect(each.state).toMatchObject({ reading: 'first', fresh: true, problem: broken });
    }
    vi.advanceTimersByTime(60_001);
    expect(expire(each)).toBe(true);
    expect(each.state).toMatchObject({ reading: 'first', fresh: false });
    expect(expire(each)).toBe(false);
    expect(each.errors.get('not_found')).toBe(2);
  });

  test('does not age while nothing fails, however long the next one takes', () => {
    const each = entry();
    note(each, { reading: 'first', problem: null }, 0, 60);
    vi.advanceTimersByTime(10_000_000);
    expect(expire(each)).toBe(false);
    expect(each.state.fresh).toBe(true);
  });

  test('that is the same as before is not rendered again', () => {
    const each = entry();
    const reading = { figure: 1 };
    expect(note(each, { reading, problem: null }, 0, 60)).toBe(true);
    expect(note(each, { reading, problem: null }, 1, 60)).toBe(false);
    expect(note(each, { reading: { ...reading }, problem: null }, 2, 60)).toBe(true);
  });

  test('that hangs is tried again after pauses that double up to ten intervals, and hangs since it first did', () => {
    const each = entry();
    const pauses = [100, 200, 300, 400, 500, 600].map((since) => {
      noteHang(each, 'hangs', since, 60);
      return each.notBefore - performance.now() / 1000;
    });
    expect(pauses).toEqual([60, 120, 240, 480, 600, 600]);
    expect(each.state.hungSince).toBe(100);
    note(each, { reading: 'back', problem: null }, 700, 60);
    expect(each.state.hungSince).toBe(0);
    noteHang(each, 'hangs', 800, 60);
    expect(each.notBefore - performance.now() / 1000).toBe(60);
  });
});

test('a collector that cannot render what was read is a problem of its source, and nothing else', async () => {
  const exposition = new Exposition(families);
  const logs: string[] = [];
  const log = {
    info: () => {},
    warn: () => {},
    error: (_: unknown, message?: unknown) => void logs.push(String(message)),
  };
  const failing = collector((_, { reading }) => {
    if (reading === 'bad') throw new Error('what is this?');
    return [sample(volumeMetrics.requested, { claim_namespace: 'n', claim: 'c' }, 1)];
  });
  const each = newEntry(failing, source);
  const board = new Board([failing], [each], {
    exposition,
    log,
    tracer: () => ({ end: () => {} }),
    now: () => 0,
    interval: 60,
  });
  board.begin(each).done({ reading: 'bad', problem: null });
  board.summarize();
  await exposition.settle();
  const text = Buffer.concat(exposition.body('text', 'identity', [], '').parts).toString();
  expect(text).toContain('lookout_source_up{collector="volumes",source="data"} 0');
  expect(text).toContain('lookout_source_errors_total{collector="volumes",source="data",reason="internal_error"} 1');
  expect(text).toContain('lookout_collector_success{collector="volumes"} 0');
  expect(text).not.toContain('lookout_volume_requested_bytes');
  expect(logs).toEqual(['could not render what was read']);
});

test('slots let so many run at once, and take one back from whoever needs too long', async () => {
  const slots = new Slots(1, 0.05);
  const order: string[] = [];
  const hang = slots.run(async () => {
    order.push('long begins');
    await sleep(300);
    order.push('long ends');
  });
  await slots.run(async () => void order.push('second'));
  await slots.run(async () => void order.push('third'));
  await hang;
  expect(order).toEqual(['long begins', 'second', 'third', 'long ends']);
  await Promise.all(['a', 'b'].map((name) => slots.run(async () => void order.push(name))));
  expect(order.slice(-2)).toEqual(['a', 'b']);
});

test('a path lies on the deepest mount above it, the last one made there, whatever stands in its name', () => {
  const mounts = parseMounts(
    [
      '22 1 0:21 / / rw - overlay overlay rw',
      '30 22 8:1 / /mnt rw,relatime shared:1 - ext4 /dev/sda1 rw',
      '31 30 0:50 /export /mnt/with\\040space rw master:2 - nfs4 server:/export rw',
      '32 30 8:2 / /mnt rw - xfs /dev/sdb1 rw',
      '',
    ].join('\n'),
  );
  expect(mountOf('/mnt/with space/deep', mounts)).toEqual({
    point: '/mnt/with space',
    root: '/export',
    device: 'server:/export',
    type: 'nfs4',
  });
  expect(mountOf('/mnt', mounts)).toEqual({ point: '/mnt', root: '/', device: '/dev/sdb1', type: 'xfs' });
  expect(mountOf('/mntx', mounts).point).toBe('/');
  expect(mountOf('/anything', [])).toEqual({ point: '/', root: '/', device: '', type: '' });
});
