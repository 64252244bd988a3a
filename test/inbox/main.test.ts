import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const entry = resolve(import.meta.dirname, '../../demo/inbox/main.ts');

describe('the process of the inbox', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'lookout-inbox-main-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  function start(http: number) {
    const config = {
      smtp: { host: '127.0.0.1', port: 0 },
      http: { host: '127.0.0.1', port: http },
      directory: join(directory, 'messages'),
      webhookFile: join(directory, 'webhook'),
      timezone: 'UTC',
      startPage: null,
    };
    const file = join(directory, 'inbox.json');
    writeFileSync(file, JSON.stringify(config));
    return spawn(process.execPath, [entry, '--config', file], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  }

  async function opened(child: ReturnType<typeof start>): Promise<number> {
    for await (const chunk of child.stderr!) {
      const port = /"http":(\d+)/.exec(String(chunk))?.[1];
      if (port !== undefined) return Number(port);
    }
    throw new Error('it ended before it was open');
  }

  test('is healthy when it is open and ends on SIGTERM, also with a page that listens', async () => {
    const child = start(0);
    const url = `http://127.0.0.1:${await opened(child)}`;
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const page = await fetch(`${url}/api/events`);
    child.kill('SIGTERM');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await page.text().catch(() => {});
  });

  test('ends when its supervisor is gone', async () => {
    const child = start(0);
    await opened(child);
    child.disconnect();
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('says which port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const child = start(port);
    const [log] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
    expect(log).toContain(`could not listen on 127.0.0.1:${port}: is another program using it?`);
    expect(child.exitCode).toBe(1);
    other.close();
  });
});
