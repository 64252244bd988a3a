/**
 * Work on all items, at most `limit` at a time; results in the order of the items. After the first failure nothing new is begun;
 * it is thrown once nothing is under way any more.
 */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  limit: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const failures: unknown[] = [];
  const queue = items.entries();
  const worker = async () => {
    for (const [index, item] of queue) {
      if (failures.length > 0) return;
      try {
        results[index] = await work(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}

/** How many requests are under way at once: measured, more gain nothing on two cores (references: 16 dry runs at a time). */
export const requestsAtOnce = 16;
