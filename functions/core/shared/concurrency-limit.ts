/** Starts tasks in order, each as soon as fewer tasks are running than the limit. */
export type ConcurrencyLimit = <Result>(work: () => Promise<Result>) => Promise<Result>;

/** Limits the number of tasks that run at the same time. */
export function concurrencyLimit(most: number): ConcurrencyLimit {
  const waiting: (() => void)[] = [];
  let underWay = 0;
  return async (work) => {
    if (underWay >= most) await new Promise<void>((begin) => waiting.push(begin));
    else underWay++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) underWay--;
      else next();
    }
  };
}
