import type { FastifyInstance } from 'fastify';
import type { Database } from '../database.ts';
import { findProduct, listProducts } from '../store.ts';
import { id, object } from './schemas.ts';

export function productRoutes(shop: FastifyInstance, { query }: Database): void {
  shop.get('/products', () => query('list_products', listProducts));

  shop.get<{ Params: { id: number } }>('/products/:id', { schema: { params: object({ id }) } }, ({ params }) =>
    query('find_product', (db) => findProduct(db, params.id)),
  );
}
