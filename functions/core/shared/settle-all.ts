const itemsAtOnce = 10;

/**
 * Works on all items, ten at once. Each is settled by itself: whatever one of them throws, the others are worked on.
 */
export async function settleAll<Item, Value>(
  items: readonly Item[],
  work: (item: Item) => Promise<Value>,
): Promise<{ values: Value[]; failures: unknown[] }> {
  const values: Value[] = [];
  const failures: unknown[] = [];
  for (let first = 0; first < items.length; first += itemsAtOnce) {
    for (const settled of await Promise.allSettled(items.slice(first, first + itemsAtOnce).map(work))) {
      if (settled.status === "fulfilled") values.push(settled.value);
      else failures.push(settled.reason);
    }
  }
  return { values, failures };
}
