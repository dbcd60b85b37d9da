import { expect, test } from "@jest/globals";
import { recoverNotifications } from "../../../functions/subscriptions-api/recover-notifications.ts";
import { notificationRoutes } from "../../../functions/subscriptions-api/respond-notifications.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aNotification, aSubscription } from "../../support/sample-audits.ts";

const failed = (changes: Parameters<typeof aNotification>[0]) =>
  aNotification({ status: "delivery_failed", createdAt: noon, event: { id: "evt", body: "{}" }, ...changes });

const { organizationId, subscriptionId } = aNotification();
const input = { organizationId, subscriptionId, since: noon, dryRun: false, from: undefined };

async function worldWith(...notifications: ReturnType<typeof failed>[]) {
  const world = fakeWorld();
  for (const notification of notifications) await world.notifications.put(notification, undefined);
  return { world, recover: recoverNotifications(world) };
}

test("what failed and what was held since then goes out again, of this subscription alone", async () => {
  const { world, recover } = await worldWith(
    failed({ auditId: "failed" }),
    failed({ auditId: "held", status: "held" }),
    failed({ auditId: "delivered", status: "delivered" }),
    failed({ auditId: "pending", status: "pending" }),
    failed({ auditId: "before", createdAt: noon - 1 }),
    failed({ auditId: "of-another", subscriptionId: "another" }),
  );
  expect(await recover(input)).toEqual({ count: 2, next: undefined });
  expect(new Set(world.deliveries.sent.map(({ auditId }) => auditId))).toEqual(new Set(["failed", "held"]));
});

test("a dry run counts and sends nothing", async () => {
  const { world, recover } = await worldWith(
    failed({ auditId: "failed" }),
    failed({ auditId: "held", status: "held" }),
  );
  expect(await recover({ ...input, dryRun: true })).toEqual({ count: 2, next: undefined });
  expect(world.deliveries.sent).toEqual([]);
});

test("what is more than a call can do is left to the next, which goes on where it ended", async () => {
  const rows = Array.from({ length: 501 }, (_, number) => failed({ auditId: `audit-${number}` }));
  const { world, recover } = await worldWith(...rows);
  const first = await recover(input);
  expect(first).toEqual({ count: 500, next: expect.anything() });
  expect(await recover({ ...input, from: first.next })).toEqual({ count: 1, next: undefined });
  expect(new Set(world.deliveries.sent.map(({ auditId }) => auditId)).size).toBe(501);
});

test("the next page of a dry run is one, too", async () => {
  const { world } = await worldWith(
    ...Array.from({ length: 501 }, (_, number) => failed({ auditId: `audit-${number}`, subscriptionId })),
  );
  await world.subscriptions.create(aSubscription({ subscriptionId }));
  const routes = notificationRoutes({ ...world, tokenSecret: async () => Buffer.alloc(32, 1) });
  const path = `/v2/issuers/${organizationId}/subscriptions/${subscriptionId}/recover`;
  const answer = await routes["POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/recover"].respond({
    ...{ requestId: "1", method: "POST", path, urlPath: path, headers: {} },
    ...{ parameters: { organizationId, subscriptionId }, query: { dryRun: "true" } },
    body: {
      bytes: Buffer.from(JSON.stringify({ since: new Date(noon).toISOString() })),
      contentType: "application/json",
    },
    caller: { organizations: [organizationId], scopes: [] },
  });
  expect(answer).toMatchObject({
    statusCode: 200,
    body: { data: { attributes: { dryRun: true, notifications: 500 } } },
  });
  expect(JSON.stringify(answer.body)).toMatch(/recover\?[^"]*dryRun=true/);
});
