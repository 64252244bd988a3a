import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Body } from '../exposition/piece.ts';

/** Bytes handed to the socket at once. */
const portion = 256 * 1024;

/**
 * Writes a body as fast as its reader takes it: what is not taken stays where it is kept anyway. Ends when all is written,
 * when the reader is gone, and when it needs more than `limit` seconds: it is then cut off.
 */
export async function sendBody(response: ServerResponse, body: Body, limit: number): Promise<void> {
  if (response.destroyed) return;
  const gone = new AbortController();
  response.once('close', () => gone.abort()).on('error', () => {});
  const late = setTimeout(() => response.destroy(), limit * 1000);
  try {
    for (const parts of portions(body.parts)) {
      response.cork();
      for (const part of parts) response.write(part);
      response.uncork();
      if (response.writableNeedDrain) await once(response, 'drain', gone);
    }
    response.end();
    await once(response, 'finish', gone);
  } catch (error) {
    if (!gone.signal.aborted) throw error;
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
