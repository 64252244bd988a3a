import { readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { opens, receiveWebhook, unknownWebhook } from '../slack/fake-webhook.ts';
import { readSpans } from '../traces/otlp.ts';
import type { ServerParts } from './server.ts';

/** Bytes of a decompressed request. */
const limit = 16 * 1_048_576;

/** The ways in: the Slack-compatible webhook and OTLP/HTTP. */
export function receiverRoutes(scope: FastifyInstance, { config, messages, traces, log }: ServerParts): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  scope.post<{ Params: { '*': string }; Body: Buffer | undefined }>('/services/*', async (request, reply) => {
    reply.type('text/plain');
    const token = request.params['*'].split('/').at(-1) ?? '';
    const received = opens(token, webhookAddress(config.webhookFile))
      ? receiveWebhook(request.body?.toString('utf8') ?? '')
      : unknownWebhook;
    if ('error' in received) {
      log.warn({ answer: received.error }, 'webhook refused a message');
      return reply.code(received.status).send(received.error);
    }
    messages.add(received);
    return 'ok';
  });

  scope.post<{ Body: Buffer | undefined }>('/v1/traces', async (request, reply) => {
    if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
      return reply.code(415).send({ message: 'send OTLP in its JSON encoding: content-type application/json' });
    const spans = readSpans(await decompress(request.body, request.headers['content-encoding']));
    if (spans === undefined) return reply.code(400).send({ message: 'the body is no OTLP trace request in JSON' });
    traces.add(spans);
    return {};
  });
}

/** Empty where the stack has no webhook: then no token opens it. */
function webhookAddress(file: string): string {
  return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(file, 'utf8') : '';
}

/** Empty when it cannot be decompressed: then it is no request either. */
async function decompress(body: Buffer | undefined, encoding: string | undefined): Promise<string> {
  if (body === undefined) return '';
  if (encoding !== 'gzip') return body.toString('utf8');
  return promisify(gunzip)(body, { maxOutputLength: limit }).then(
    (plain) => plain.toString('utf8'),
    () => '',
  );
}
