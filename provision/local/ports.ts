import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { writeFileAtomic } from '../../common/files.ts';

/** A port that the local platform listens on, and the one it would like to have. */
export interface PortWish {
  readonly name: string;
  readonly title: string;
  readonly default: number;
}

export interface PortChoice {
  readonly name: string;
  readonly title: string;
  readonly port: number;
  /** The port that was wanted and is taken by another program; null when the wish came true. */
  readonly taken: number | null;
}

const host = '127.0.0.1';

/**
 * Chooses a port on loopback for each wish: the one used last, so that bookmarks survive, else the default, else a free
 * one. What was chosen is remembered in `file`.
 */
export async function choosePorts(wishes: readonly PortWish[], file: string): Promise<readonly PortChoice[]> {
  const last = readPorts(file);
  const choices: PortChoice[] = [];
  for (const { name, title, default: fallback } of wishes) {
    const used = new Set(choices.map(({ port }) => port));
    const wanted = last[name] ?? fallback;
    const candidates = [wanted, fallback].filter((port) => !used.has(port));
    const port = (await firstFree(candidates)) ?? (await freePort());
    choices.push({ name, title, port, taken: port === wanted ? null : wanted });
  }
  writeFileAtomic(file, JSON.stringify(Object.fromEntries(choices.map(({ name, port }) => [name, port])), null, 2));
  return choices;
}

async function firstFree(ports: readonly number[]): Promise<number | undefined> {
  for (const port of ports) if ((await tryListen(port)) !== undefined) return port;
  return undefined;
}

async function freePort(): Promise<number> {
  const port = await tryListen(0);
  if (port === undefined) throw new Error(`no free port on ${host}`);
  return port;
}

/** The port, once it has been listened on and closed again; undefined when another program has it. */
function tryListen(port: number): Promise<number | undefined> {
  const server = createServer();
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : undefined));
    });
  });
}

function readPorts(file: string): Readonly<Record<string, number>> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new Error(`${file}, the ports used last, cannot be read; remove it to start with the defaults`, {
      cause: error,
    });
  }
}
