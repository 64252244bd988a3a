import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Mood } from '../../status/types.ts';

const directory = join(import.meta.dirname, '..', 'assets');

const colours: Readonly<Record<Mood, string>> = {
  good: '#2e7d32',
  busy: '#1565c0',
  warning: '#b45309',
  bad: '#c62828',
};

export function assetRoutes(app: FastifyInstance): void {
  for (const [name, type] of [
    ['style.css', 'text/css'],
    ['live.js', 'text/javascript'],
  ] as const) {
    const text = readFileSync(join(directory, name), 'utf8');
    app.get(`/${name}`, async (_request, reply) => reply.type(type).header('cache-control', 'no-cache').send(text));
  }
  for (const [mood, colour] of Object.entries(colours))
    app.get(`/icon-${mood}.svg`, async (_request, reply) => reply.type('image/svg+xml').send(icon(colour)));
}

function icon(colour: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="${colour}"/></svg>\n`;
}
