import type { DatabaseSync } from 'node:sqlite';

const schema = `
  CREATE TABLE IF NOT EXISTS products (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, cents INTEGER NOT NULL, stock INTEGER NOT NULL CHECK (stock >= 0));
  CREATE TABLE IF NOT EXISTS carts (id INTEGER PRIMARY KEY, created_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS cart_items (
    cart INTEGER NOT NULL REFERENCES carts ON DELETE CASCADE, product INTEGER NOT NULL REFERENCES products,
    quantity INTEGER NOT NULL CHECK (quantity > 0), PRIMARY KEY (cart, product));
  CREATE TABLE IF NOT EXISTS orders (
    id INTEGER PRIMARY KEY, email TEXT NOT NULL, cents INTEGER NOT NULL, created_at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS order_items (
    "order" INTEGER NOT NULL REFERENCES orders ON DELETE CASCADE, product INTEGER NOT NULL REFERENCES products,
    quantity INTEGER NOT NULL, cents INTEGER NOT NULL, PRIMARY KEY ("order", product));
  CREATE TABLE IF NOT EXISTS pictures (
    id INTEGER PRIMARY KEY, product INTEGER NOT NULL REFERENCES products, file TEXT NOT NULL UNIQUE, bytes INTEGER NOT NULL);
`;

/** Name and price in cents. */
const assortment: readonly (readonly [string, number])[] = [
  ['Brass lantern', 4900],
  ['Storm lantern', 6900],
  ['Head torch', 3450],
  ['Signal whistle', 690],
  ['Field glasses 8x32', 18900],
  ['Field glasses 10x42', 24900],
  ['Spotting scope', 49900],
  ['Tripod', 12900],
  ['Barometer', 8900],
  ['Pocket compass', 3900],
  ['Sextant', 32900],
  ['Tide clock', 7900],
  ['Log book', 1450],
  ['Waterproof pencil', 390],
  ['Chart of the coast', 2450],
  ['Oilskin coat', 15900],
  ['Wool jumper', 8900],
  ['Sea boots', 9900],
  ['Thermos flask', 3290],
  ['Enamel mug', 1190],
  ['Ship biscuit', 490],
  ['Rope, 30 m', 2790],
  ['Signal flags', 5900],
  ['Fog horn', 4490],
];

/** Creates what is missing; the assortment is stocked once, later runs change nothing. */
export function prepareSchema(connection: DatabaseSync): void {
  connection.exec(schema);
  const insert = connection.prepare('INSERT OR IGNORE INTO products (name, cents, stock) VALUES (?, ?, 500)');
  for (const [name, cents] of assortment) insert.run(name, cents);
}
