import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { newEntry, note } from '../../exporter/runner/entry.ts';
import { MountTable } from '../../exporter/runner/mount-table.ts';

const root = '22 1 8:1 / / rw - ext4 /dev/sda1 rw';
const share = '40 22 0:50 / /mnt/share rw - nfs4 server:/share rw';
const path = '/mnt/share/backups';
const read = { kind: 'file', task: 'volume', request: null, path } as const;
const collector = { name: 'volumes', families: [], sources: () => [], samples: () => [] } as const;
const entry = () => newEntry(collector, { name: 'data', declared: null, read });
const gone = { reading: null, problem: { reason: 'not_mounted', message: expect.stringContaining('/mnt/share') } };

describe('the table of mounts', () => {
  let text: string;
  let reads: number;
  let table: MountTable;

  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['performance'] });
    [text, reads] = [`${root}\n${share}`, 0];
    table = new MountTable(() => {
      reads += 1;
      return text;
    });
    vi.advanceTimersByTime(1000);
  });
  afterEach(() => void vi.useRealTimers());

  test('is read once for thousands of sources that are placed at the same time', () => {
    for (let index = 0; index < 10_000; index += 1) table.place(entry(), path);
    expect(reads).toBe(1);
  });

  test('is asked for nothing by a source that was never read: what was never there is another problem', () => {
    text = root;
    const each = entry();
    expect(table.place(each, path)).toBeUndefined();
    expect(each.lane).toBe('/');
  });

  test('drops what was read while the mount was gone, also when it has returned before the answer came', () => {
    const each = entry();
    table.place(each, path);
    note(each, { reading: 'first', problem: null }, 1_000_000, 60);
    const [during, across] = [table.watch(each), table.watch(each)];
    text = root;
    vi.advanceTimersByTime(100);
    expect(during({ reading: 'empty', problem: null })).toEqual(gone);
    expect(during({ reading: 'first', problem: null }), 'what is the same was read before').toMatchObject({
      reading: 'first',
    });
    expect(table.place(each, path)).toEqual(gone);
    text = `${root}\n${share}`;
    vi.advanceTimersByTime(100);
    expect(across({ reading: 'empty', problem: null })).toEqual(gone);
    expect(table.place(each, path)).toBeUndefined();
    expect(table.watch(each)({ reading: 'next', problem: null })).toMatchObject({ reading: 'next' });
  });
});
