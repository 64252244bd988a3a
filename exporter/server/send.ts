import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Body } from '../exposition/piece.ts';

/** Bytes handed to the socket at once. */
const portion = 256 * 1024;

/**
 * Writes a body as fast as its reader takes it: what is not taken stays where it is kept anyway. A reader that needs more than
 * `limit` seconds is cut off.
 */
export async function sendBody(response: ServerResponse, body: Body, limit: number): Promise<void> {
  const late = setTimeout(() => response.destroy(), limit * 1000);
  response.on('error', () => {});
  try {
    for (const parts of portions(body.parts)) {
      if (response.destroyed) return;
      response.cork();
      for (const part of parts) response.write(part);
      response.uncork();
      if (response.writableNeedDrain) await Promise.race([once(response, 'drain'), once(response, 'close')]);
    }
    response.end();
    if (!response.destroyed && !response.writableFinished)
      await Promise.race([once(response, 'finish'), once(response, 'close')]);
  } finally {
    clearTimeout(late);
  }
}

function* portions(parts: readonly Buffer[]): Generator<readonly Buffer[]> {
  let gathered: Buffer[] = [];
  let size = 0;
  for (const part of parts) {
    gathered.push(part);
    size += part.length;
    if (size < portion) continue;
    yield gathered;
    gathered = [];
    size = 0;
  }
  yield gathered;
}
