import { queueUrls } from "../functions.ts";
import type { World } from "../world.ts";

/** Without faults nothing is done twice and nothing fails. */
export function checkCleanRun({ history, endpoints, queues, targets, kard, failures, outside, replayed }: World): void {
  if (outside.struck.length > 0) throw new Error("a fault struck in a run without faults");
  for (const { name, error } of failures) history.violated(`${name} failed: ${error}`);
  const twice = (ids: readonly string[], what: string) => {
    for (const id of new Set(ids)) {
      const times = ids.filter((one) => one === id).length;
      if (times > 1) history.violated(`${id}: ${what} ${times} times although nothing went wrong`);
    }
  };
  const published = [queues.of(queueUrls.resolutions).map(({ body }) => body), ...targets.arns().map(targets.of)];
  for (const bodies of published) {
    twice(
      bodies.map((body) => JSON.parse(body).id),
      "published",
    );
  }
  for (const { received } of replayed === undefined ? endpoints.all.values() : []) {
    twice(
      received.filter(({ statusCode }) => statusCode < 300).map(({ id }) => id),
      "delivered",
    );
  }
  twice(
    kard.creates
      .filter(({ taken }) => taken)
      .map(({ organizationId, request }) => `${organizationId}/${request.transactionId}`),
    "taken by Kard",
  );
}
