import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, inFolder } from './exporter.ts';

/** A running node_exporter with its textfile collector alone. */
export interface NodeExporter {
  readonly url: string;
  readonly pid: number;
}

/** Lets Debian's node_exporter serve the text from a file, as it is used for what it does not measure itself. */
export async function serveText<Measured>(
  text: string,
  measure: (exporter: NodeExporter) => Promise<Measured>,
): Promise<Measured> {
  return await inFolder(async (folder) => {
    writeFileSync(join(folder, 'bench.prom'), text);
    const address = `127.0.0.1:${freePort()}`;
    const only = ['--collector.disable-defaults', '--collector.textfile', `--collector.textfile.directory=${folder}`];
    const child = spawn('prometheus-node-exporter', [...only, `--web.listen-address=${address}`], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    try {
      await Promise.race([answering(`http://${address}/`), ended.then(refuse)]);
      return await measure({ url: `http://${address}/metrics`, pid: child.pid ?? 0 });
    } finally {
      child.kill();
      await ended;
    }
  });
}

function refuse(): never {
  throw new Error('prometheus-node-exporter ended before it answered');
}

async function answering(url: string): Promise<void> {
  while (!(await fetch(url).catch(() => undefined))?.ok) await sleep(20);
}
