import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Body } from '../exposition/piece.ts';

/**
 * Hands a whole body to the socket, which takes it as fast as its reader does: nothing is copied, and what is not yet taken
 * are bytes that are kept anyway. Ends when all is written, when the reader is gone, and when it needs more than `limit`
 * seconds: it is then cut off.
 */
export async function sendBody(response: ServerResponse, { parts }: Body, limit: number): Promise<void> {
  if (response.destroyed) return;
  const gone = new AbortController();
  response.once('close', () => gone.abort()).on('error', () => {});
  const late = setTimeout(() => response.destroy(), limit * 1000);
  try {
    response.cork();
    for (const part of parts) response.write(part);
    response.end();
    await once(response, 'finish', gone);
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  } finally {
    clearTimeout(late);
  }
}
