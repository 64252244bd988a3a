import type { FastifyInstance } from 'fastify';

const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * A page of another site may make its name point to this machine and read the inbox as its own (DNS rebinding); its
 * requests then carry that name. Only names of this machine are answered, and those that the inbox has been given.
 */
export function guardHost(server: FastifyInstance, names: readonly string[] = []): void {
  server.addHook('onRequest', async (request, reply) => {
    const name = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
    if (!loopback.has(name) && !names.includes(name))
      await reply.code(421).type('text/plain').send('this inbox answers to localhost only\n');
  });
}

const pagePolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join('; ');

/**
 * A mail's own HTML: no script, no form, nothing loaded from anywhere. Its origin stays ours, so that the page around it can
 * measure its height; without scripts that gives the mail nothing.
 */
export const mailPolicy = [
  "default-src 'none'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
  'sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox',
].join('; ');

export function guardPages(scope: FastifyInstance): void {
  scope.addHook('onRequest', async (_request, reply) => {
    reply.headers({
      'content-security-policy': pagePolicy,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
  });
}
