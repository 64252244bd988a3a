import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { Database } from './database.ts';

/** How much of the past the shop keeps, so that it can run for months on little disk. */
export interface Limits {
  readonly orders: number;
  /** Seconds after which a cart is given up. */
  readonly cartAge: number;
  /** Bytes of the newest pictures together. */
  readonly pictureBytes: number;
}

/**
 * Deletes old orders, abandoned carts and old pictures, and takes delivery of what is running out.
 * @param now seconds since the epoch.
 */
export async function keepHouse(database: Database, uploads: string, limits: Limits, now: number): Promise<void> {
  const files = await database.query('keep_house', (db) => {
    db.prepare('DELETE FROM orders WHERE id <= (SELECT max(id) FROM orders) - ?').run(limits.orders);
    db.prepare('DELETE FROM carts WHERE created_at < ?').run(now - limits.cartAge);
    db.exec('UPDATE products SET stock = stock + 500 WHERE stock < 100');
    return forgetPictures(db, limits.pictureBytes);
  });
  for (const file of files) await rm(join(uploads, file), { force: true });
}

/** The files of the pictures that lie before the newest `bytes`. */
function forgetPictures(db: DatabaseSync, bytes: number): readonly string[] {
  const old = db
    .prepare(
      `DELETE FROM pictures WHERE id IN (
         SELECT id FROM (SELECT id, sum(bytes) OVER (ORDER BY id DESC) AS running FROM pictures) WHERE running > ?)
       RETURNING file`,
    )
    .all(bytes) as { file: string }[];
  return old.map(({ file }) => file);
}
