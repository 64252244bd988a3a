import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Database } from '../database.ts';
import { addPicture, findPicture } from '../store.ts';
import { id, object } from './schemas.ts';

const params = object({ id });
const bodyLimit = 1024 ** 2;

/** Visitors' pictures of products: bytes as files below `uploads`, the rest in the database. */
export function pictureRoutes(shop: FastifyInstance, { query }: Database, uploads: string): void {
  shop.addContentTypeParser(/^image\/jpeg$/, { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
    done(null, body),
  );

  shop.post<{ Params: { id: number }; Body: Buffer }>(
    '/products/:id/pictures',
    { schema: { params } },
    async (request, reply) => {
      const file = `picture-${randomUUID()}.jpg`;
      await writeFile(join(uploads, file), request.body);
      try {
        const picture = await query('add_picture', (db) =>
          addPicture(db, request.params.id, file, request.body.length),
        );
        return await reply.code(201).send({ id: picture });
      } catch (error) {
        await rm(join(uploads, file), { force: true });
        throw error;
      }
    },
  );

  shop.get<{ Params: { id: number } }>('/pictures/:id', { schema: { params } }, async (request, reply) => {
    const { file } = await query('find_picture', (db) => findPicture(db, request.params.id));
    return reply.type('image/jpeg').send(await readFile(join(uploads, file)));
  });
}
