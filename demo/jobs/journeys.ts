import { randomBytes } from 'node:crypto';

/** Asks the shop one thing and gives its answer's JSON; undefined for an answer without one. */
export type Ask = (method: 'GET' | 'POST', path: string, body?: object | Buffer) => Promise<unknown>;

/** 0 to 1. */
type Random = () => number;

type Journey = (ask: Ask, random: Random) => Promise<unknown>;

/** What visitors do, and how often of a hundred times. */
const journeys: readonly (readonly [number, Journey])[] = [
  [62, lookAround],
  [22, fillCart],
  [14, buy],
  [2, sendPicture],
];

export function pickJourney(random: Random): Journey {
  let left = random() * 100;
  const found = journeys.find(([share]) => {
    left -= share;
    return left < 0;
  });
  return found?.[1] ?? lookAround;
}

async function lookAround(ask: Ask, random: Random): Promise<void> {
  await ask('GET', random() < 0.3 ? '/' : '/products');
  await ask('GET', `/products/${product(random)}`);
}

async function fillCart(ask: Ask, random: Random): Promise<number> {
  const cart = (await ask('POST', '/carts')) as { id: number };
  await ask('POST', `/carts/${cart.id}/items`, { product: product(random), quantity: 1 + Math.floor(random() * 3) });
  return cart.id;
}

async function buy(ask: Ask, random: Random): Promise<void> {
  const cart = await fillCart(ask, random);
  await ask('GET', `/carts/${cart}`);
  await ask('POST', `/carts/${cart}/checkout`, { email: `visitor${Math.floor(random() * 1000)}@shop.test` });
}

async function sendPicture(ask: Ask, random: Random): Promise<void> {
  await ask('POST', `/products/${product(random)}/pictures`, randomBytes(20_000 + Math.floor(random() * 60_000)));
}

/** The assortment has 24 products. */
function product(random: Random): number {
  return 1 + Math.floor(random() * 24);
}
