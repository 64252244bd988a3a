import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Arrival } from '../../demo/inbox/message.ts';
import { MessageStore } from '../../demo/inbox/store.ts';

const arrival: Arrival = {
  kind: 'mail',
  title: 'subject',
  preview: 'text',
  sender: 'Lookout',
  recipient: 'operator@lookout.test',
  state: 'firing',
  labels: { alertname: 'BackupMissed' },
  faults: [],
  content: { kind: 'mail', headers: [], text: 'text', html: null, source: 'source' },
};

describe('the message store', () => {
  let directory: string;
  let now: number;
  beforeEach(() => {
    directory = join(mkdtempSync(join(tmpdir(), 'lookout-store-')), 'messages');
    now = 1_795_000_000_000;
  });
  afterEach(() => rmSync(join(directory, '..'), { recursive: true, force: true }));

  const open = (capacity = 10) => new MessageStore({ directory, capacity, now: () => now });
  const titles = (store: MessageStore) => store.list().map(({ title }) => title);

  test('keeps messages over a restart, the newest first', () => {
    const store = open();
    store.add({ ...arrival, title: 'first' });
    now += 1000;
    const { id } = store.add({ ...arrival, title: 'second' });
    expect(titles(open())).toEqual(['second', 'first']);
    expect(open().get(id)).toMatchObject({ title: 'second', receivedAt: now, content: { source: 'source' } });
  });

  test('keeps the order of messages that arrive in one millisecond, or when the clock steps back', () => {
    const store = open();
    store.add({ ...arrival, title: 'first' });
    store.add({ ...arrival, title: 'second' });
    now -= 60_000;
    store.add({ ...arrival, title: 'third' });
    expect(titles(store)).toEqual(['third', 'second', 'first']);
    expect(titles(open())).toEqual(titles(store));
  });

  test('keeps its files to their owner', () => {
    open().add(arrival);
    const [file] = readdirSync(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, file!)).mode & 0o777).toBe(0o600);
  });

  test('keeps only so many, also when it is opened with fewer', () => {
    const store = open(3);
    for (const title of ['1', '2', '3', '4']) store.add({ ...arrival, title });
    expect(titles(store)).toEqual(['4', '3', '2']);
    expect(readdirSync(directory)).toHaveLength(3);
    expect(titles(open(1))).toEqual(['4']);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  test('leaves out a damaged file and files of others, and touches neither', () => {
    const { id } = open().add(arrival);
    writeFileSync(join(directory, `${id.replace(/^./, '0')}.json`), '{"id":');
    writeFileSync(join(directory, 'notes.txt'), 'mine');
    expect(titles(open())).toEqual(['subject']);
    expect(readdirSync(directory)).toHaveLength(3);
  });

  test('finds nothing under a name that is no id', () => {
    open();
    writeFileSync(join(directory, '..', 'secret.json'), '{}');
    expect(() => open().get('../secret')).not.toThrow();
    expect(open().get('../secret')).toBeUndefined();
    expect(open().get('0000000000000-000000')).toBeUndefined();
  });

  test('forgets everything when it is cleared, and says so', () => {
    const store = open();
    const heard: string[] = [];
    store.events.on('added', ({ title }) => heard.push(title)).on('cleared', () => heard.push('cleared'));
    store.add(arrival);
    store.clear();
    expect(store.list()).toEqual([]);
    expect(readdirSync(directory)).toEqual([]);
    expect(heard).toEqual(['subject', 'cleared']);
  });
});
