import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const loopbackNames = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

const headers = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'referrer-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
} as const;

/**
 * Keeps other web pages out. A name that was made to point at loopback (DNS rebinding) is told by the Host header; a form or
 * script of another page that posts here (CSRF) by its origin and by the token, which only our own pages and the private
 * file beside the lock hold.
 */
export function guardRequests(app: FastifyInstance, token: string): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(headers);
    if (!loopbackNames.test(request.headers.host ?? ''))
      return refuse(reply, 421, 'This page answers to 127.0.0.1 and localhost only.');
    if (isReading(request)) return;
    if (!isOwnOrigin(request)) return refuse(reply, 403, 'This request comes from another page.');
  });
  app.addHook('preHandler', async (request, reply) => {
    if (isReading(request) || isEqual(offered(request), token)) return;
    return refuse(reply, 403, 'The token is missing or of an earlier start: load the page again.');
  });
}

function isReading({ method }: FastifyRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Browsers tell the origin of every POST; programs that are none tell no origin, and need the token like everyone. */
function isOwnOrigin({ headers: { host, origin, 'sec-fetch-site': site } }: FastifyRequest): boolean {
  const fromHere = site === undefined || site === 'same-origin' || site === 'none';
  return fromHere && (origin === undefined || origin === `http://${host}`);
}

/** In a form the field `token`, else the bearer token. */
function offered({ body, headers: { authorization } }: FastifyRequest): string {
  if (body instanceof URLSearchParams) return body.get('token') ?? '';
  return /^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '';
}

function isEqual(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

async function refuse(reply: FastifyReply, status: number, message: string): Promise<FastifyReply> {
  return reply.code(status).type('text/plain; charset=utf-8').send(`${message}\n`);
}
