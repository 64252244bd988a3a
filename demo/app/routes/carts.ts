import type { FastifyInstance } from 'fastify';
import type { Database } from '../database.ts';
import { addToCart, checkOut, createCart, listCart } from '../store.ts';
import { id, object } from './schemas.ts';

const params = object({ id });
const item = object({ product: id, quantity: { type: 'integer', minimum: 1, maximum: 20 } });
const buyer = object({ email: { type: 'string', format: 'email', maxLength: 200 } });

/** @param now milliseconds since the epoch. */
export function cartRoutes(shop: FastifyInstance, { query }: Database, now: () => number): void {
  const seconds = () => Math.floor(now() / 1000);

  shop.post('/carts', async (_request, reply) => {
    reply.code(201);
    return { id: await query('create_cart', (db) => createCart(db, seconds())) };
  });

  shop.get<{ Params: { id: number } }>('/carts/:id', { schema: { params } }, (request) =>
    query('list_cart', (db) => listCart(db, request.params.id)),
  );

  shop.post<{ Params: { id: number }; Body: { product: number; quantity: number } }>(
    '/carts/:id/items',
    { schema: { params, body: item } },
    async (request, reply) => {
      const { product, quantity } = request.body;
      await query('add_to_cart', (db) => addToCart(db, request.params.id, product, quantity));
      return reply.code(204).send();
    },
  );

  shop.post<{ Params: { id: number }; Body: { email: string } }>(
    '/carts/:id/checkout',
    { schema: { params, body: buyer } },
    async (request, reply) => {
      reply.code(201);
      return query('check_out', (db) => checkOut(db, request.params.id, request.body.email, seconds()));
    },
  );
}
