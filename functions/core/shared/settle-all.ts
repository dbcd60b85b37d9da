const itemsAtOnce = 10;

/** Processes all items, ten at a time. An error of one does not stop the others. */
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

/** Like `Promise.all`, but it rejects only after everything that was begun has ended. */
export async function allEnded<const Begun extends readonly unknown[]>(
  begun: Begun,
): Promise<{ -readonly [Place in keyof Begun]: Awaited<Begun[Place]> }> {
  await Promise.allSettled(begun);
  return Promise.all(begun);
}
