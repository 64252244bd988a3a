/** Work on all items, at most `limit` at a time; results in the order of the items. The first failure ends the rest. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

/** How many requests are under way at once: measured, more gain nothing on two cores (references: 16 dry runs at a time). */
export const requestsAtOnce = 16;
