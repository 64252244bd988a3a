import type { FastifyInstance } from 'fastify';
import type { Database } from '../database.ts';
import { listProducts, type Product } from '../store.ts';

/** The page that a person sees. */
export function frontRoute(shop: FastifyInstance, { query }: Database): void {
  shop.get('/', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(page(await query('list_products', listProducts))),
  );
}

function page(products: readonly Product[]): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>The Lookout Shop</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 44rem; margin: 2rem auto; padding: 0 1rem; color-scheme: light dark }
  table { border-collapse: collapse; width: 100% }
  td, th { padding: .3rem .5rem; border-bottom: 1px solid #8884; text-align: left }
  td + td, th + th { text-align: right }
</style>
<h1>The Lookout Shop</h1>
<p>The application of Lookout's demonstration: a real database, real metrics, real faults.</p>
<table>
<tr><th>Product<th>Price<th>In stock
${products.map(({ name, cents, stock }) => `<tr><td>${name}<td>${(cents / 100).toFixed(2)}<td>${stock}`).join('\n')}
</table>
</html>
`;
}
