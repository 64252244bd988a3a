import type { DatabaseSync } from 'node:sqlite';

export type Product = {
  readonly id: number;
  readonly name: string;
  readonly cents: number;
  readonly stock: number;
};

export type CartItem = {
  readonly product: number;
  readonly name: string;
  readonly cents: number;
  readonly quantity: number;
};

export type Picture = {
  readonly id: number;
  readonly file: string;
  readonly bytes: number;
};

/** What the visitor asked for cannot be; answered with its status. */
export class RefusedError extends Error {
  readonly statusCode: 404 | 409;
  constructor(statusCode: 404 | 409, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}

export function listProducts(db: DatabaseSync): readonly Product[] {
  return db.prepare('SELECT id, name, cents, stock FROM products ORDER BY name').all() as Product[];
}

/** @throws RefusedError when there is no such product. */
export function findProduct(db: DatabaseSync, id: number): Product {
  const product = db.prepare('SELECT id, name, cents, stock FROM products WHERE id = ?').get(id);
  return found(product as Product | undefined, `product ${id}`);
}

/** @param now seconds since the epoch. */
export function createCart(db: DatabaseSync, now: number): number {
  return Number(db.prepare('INSERT INTO carts (created_at) VALUES (?)').run(now).lastInsertRowid);
}

/** @throws RefusedError when the cart or the product does not exist. */
export function addToCart(db: DatabaseSync, cart: number, product: number, quantity: number): void {
  findCart(db, cart);
  findProduct(db, product);
  db.prepare(
    `INSERT INTO cart_items (cart, product, quantity) VALUES (?, ?, ?)
     ON CONFLICT (cart, product) DO UPDATE SET quantity = quantity + excluded.quantity`,
  ).run(cart, product, quantity);
}

/** @throws RefusedError when there is no such cart. */
export function listCart(db: DatabaseSync, cart: number): readonly CartItem[] {
  findCart(db, cart);
  return db
    .prepare(
      `SELECT product, name, cents, quantity FROM cart_items JOIN products ON products.id = product
       WHERE cart = ? ORDER BY product`,
    )
    .all(cart) as CartItem[];
}

/**
 * Turns a cart into an order and takes it off the stock.
 * @param now seconds since the epoch.
 * @throws RefusedError when the cart does not exist or is empty, or a product has run out.
 */
export function checkOut(db: DatabaseSync, cart: number, email: string, now: number): { id: number; cents: number } {
  const items = listCart(db, cart);
  if (items.length === 0) throw new RefusedError(409, `cart ${cart} is empty`);
  const cents = items.reduce((sum, item) => sum + item.cents * item.quantity, 0);
  const order = db.prepare('INSERT INTO orders (email, cents, created_at) VALUES (?, ?, ?)').run(email, cents, now);
  const id = Number(order.lastInsertRowid);
  for (const item of items) sell(db, id, item);
  db.prepare('DELETE FROM carts WHERE id = ?').run(cart);
  return { id, cents };
}

/** @throws RefusedError when there is no such product. */
export function addPicture(db: DatabaseSync, product: number, file: string, bytes: number): number {
  findProduct(db, product);
  const added = db.prepare('INSERT INTO pictures (product, file, bytes) VALUES (?, ?, ?)').run(product, file, bytes);
  return Number(added.lastInsertRowid);
}

/** @throws RefusedError when there is no such picture. */
export function findPicture(db: DatabaseSync, id: number): Picture {
  const picture = db.prepare('SELECT id, file, bytes FROM pictures WHERE id = ?').get(id);
  return found(picture as Picture | undefined, `picture ${id}`);
}

function findCart(db: DatabaseSync, id: number): void {
  found(db.prepare('SELECT id FROM carts WHERE id = ?').get(id), `cart ${id}`);
}

function sell(db: DatabaseSync, order: number, { product, name, cents, quantity }: CartItem): void {
  const { changes } = db
    .prepare('UPDATE products SET stock = stock - ? WHERE id = ? AND stock >= ?')
    .run(quantity, product, quantity);
  if (changes === 0) throw new RefusedError(409, `fewer than ${quantity} of "${name}" are left`);
  db.prepare('INSERT INTO order_items ("order", product, quantity, cents) VALUES (?, ?, ?, ?)').run(
    order,
    product,
    quantity,
    cents,
  );
}

function found<Row>(row: Row | undefined, what: string): Row {
  if (row === undefined) throw new RefusedError(404, `there is no ${what}`);
  return row;
}
