import { Agent, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Ask } from './journeys.ts';

const patienceMilliseconds = 10_000;

/**
 * A visitor's browser, until the signal. Rejects when the shop is silent for 10 s or answers with an error. On `node:http`, since
 * `fetch` would take 15 MB of memory for good.
 */
export function browser(shop: string, stop: AbortSignal): Ask {
  const agent = new Agent({ keepAlive: true });
  stop.addEventListener('abort', () => agent.destroy(), { once: true });
  return async (method, path, body) => {
    const response = await send(agent, new URL(path, shop), method, body);
    const answer = await text(response);
    const { statusCode = 0 } = response;
    if (statusCode >= 400) throw new Error(`${method} ${path} was answered with ${statusCode}`);
    return response.headers['content-type']?.includes('json') ? JSON.parse(answer) : undefined;
  };
}

function send(agent: Agent, url: URL, method: string, body: object | Buffer | undefined): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method, timeout: patienceMilliseconds }, resolve)
      .on('error', reject)
      .on('timeout', () => sent.destroy(new Error(`${method} ${url.pathname} was not answered in time`)));
    if (body === undefined) sent.end();
    else if (body instanceof Buffer) sent.setHeader('content-type', 'image/jpeg').end(body);
    else sent.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
}
