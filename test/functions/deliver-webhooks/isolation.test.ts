import { expect, test } from "@jest/globals";
import type { Delivery } from "../../../functions/core/notifications/delivery.ts";
import { newNotification } from "../../../functions/core/notifications/notification.ts";
import { percentile } from "../../../infra/local/demo/journeys.ts";
import { aSubscription } from "../../support/sample-audits.ts";
import { deliveryWorld, type Endpoint } from "../../support/webhooks/delivery-world.ts";

const second = 1_000;
const minute = 60 * second;
const organizationId = "org";

/** The default deployment. */
const workers = { standard: 50, slow: 10 };

const endpoints: Record<string, Endpoint> = {
  "https://healthy.example": { ms: 50, statusCode: 204 },
  "https://slow.example": { ms: 8 * second, statusCode: 204 },
  "https://dead.example": { ms: 15 * second, error: "timeout" },
  // Its name servers never answer.
  "https://nameless.example": { ms: 3.5 * second, error: "timeout" },
};
const healthy = Array.from({ length: 20 }, (_, number) => ["healthy", number] as const);
const ill = [
  ["slow", 0],
  ["dead", 0],
  ["nameless", 0],
] as const;

/** An issuer whose endpoints all fail. */
const hundred = Array.from(
  { length: 100 },
  (_, number) => [(["slow", "dead", "nameless"] as const)[number % 3] ?? "dead", number] as const,
);

/** Publishes events to these endpoints for two minutes, five per second by default. */
async function publishTo(subscribers: readonly (readonly [string, number])[], perSecond = 5) {
  const world = deliveryWorld((url) => endpoints[url] ?? { ms: 0, statusCode: 500 }, workers);
  const names = subscribers.map(([kind, number]) => `${kind}-${number}`);
  for (const [kind, number] of subscribers) {
    await world.stores.subscriptions.create(
      aSubscription({ organizationId, subscriptionId: `${kind}-${number}`, webhookUrl: `https://${kind}.example` }),
    );
  }
  const publishedAt = new Map<string, number>();
  await world.run(async () => {
    for (let number = 0; number < perSecond * 120; number++) {
      const eventId = `evt_${number}`;
      const createdAt = world.time.clock();
      publishedAt.set(eventId, createdAt);
      const owed = names.map((subscriptionId): Delivery => {
        const key = { organizationId, auditId: `audit-${number}`, sequence: 1, subscriptionId };
        return { ...key, attemptCount: 0, createdAt, eventId, eventName: "audit.closed", body: "{}" };
      });
      await world.stores.notifications.putNew(owed.map((delivery) => newNotification(delivery, createdAt)));
      await world.queues.standard.send(owed);
      await world.time.sleep(second / perSecond);
    }
    await world.time.sleep(10 * minute);
  });
  const delivered = (kind: string) =>
    world.posted.filter((post) => post.delivered && post.subscriptionId.startsWith(kind));
  return {
    world,
    delivered,
    latencies: (kind: string) =>
      delivered(kind).map(({ eventId, answeredAt }) => answeredAt - (publishedAt.get(eventId) ?? 0)),
  };
}

test("an issuer with a hundred endpoints that are dead, slow or without DNS does not slow down another's twenty", async () => {
  const together = await publishTo([...hundred, ...healthy], 1);
  expect(together.latencies("healthy")).toHaveLength(20 * 120);
  expect(percentile(together.latencies("healthy"), 0.99)).toBeLessThanOrEqual(100);
});

test("a dead, a slow and an unresolvable endpoint do not slow down twenty healthy ones", async () => {
  const alone = await publishTo(healthy);
  const together = await publishTo([...ill, ...healthy]);
  expect(alone.latencies("healthy")).toHaveLength(20 * 600);
  expect(together.latencies("healthy")).toHaveLength(20 * 600);
  expect(percentile(together.latencies("healthy"), 0.99)).toBeLessThanOrEqual(
    2 * percentile(alone.latencies("healthy"), 0.99),
  );
});

test("a slow endpoint gets every webhook once", async () => {
  const { world, delivered } = await publishTo([["slow", 0]]);
  expect(new Set(delivered("slow").map(({ eventId }) => eventId)).size).toBe(600);
  expect(world.posted).toHaveLength(600);
});
