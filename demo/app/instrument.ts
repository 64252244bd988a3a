import { context, SpanKind, trace } from '@opentelemetry/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ShopMetrics } from './metrics.ts';

/** Measures every request to the routes of `shop`: from its first byte until its response is out or its visitor is gone. */
export function measureRequests(shop: FastifyInstance, { requestDuration, requestsInFlight }: ShopMetrics): void {
  shop.addHook('onRequest', (request, reply, done) => {
    const end = requestDuration.startTimer({ method: request.method });
    requestsInFlight.inc();
    reply.raw.once('close', () => {
      requestsInFlight.dec();
      end({ route: routeOf(request), status_code: reply.raw.writableFinished ? reply.raw.statusCode : visitorLeft });
    });
    done();
  });
}

/** The status under which nginx logs a request whose visitor closed the connection before the answer. */
const visitorLeft = 499;

/** The pattern, never the path: paths have no end. */
function routeOf(request: FastifyRequest): string {
  return request.routeOptions.url ?? 'unmatched';
}

/** Handles every request to the routes of `shop` within a server span. Named as in OpenTelemetry's HTTP conventions. */
export function traceRequests(shop: FastifyInstance): void {
  shop.addHook('preHandler', (request, reply, done) => {
    const { method } = request;
    const route = routeOf(request);
    const span = trace.getTracer('shop').startSpan(`${method} ${route}`, {
      kind: SpanKind.SERVER,
      attributes: { 'http.request.method': method, 'http.route': route, 'url.path': request.url.split('?')[0] ?? '' },
    });
    reply.raw.once('close', () => {
      span.setAttribute('http.response.status_code', reply.raw.statusCode);
      span.end();
    });
    context.with(trace.setSpan(context.active(), span), done);
  });
}
