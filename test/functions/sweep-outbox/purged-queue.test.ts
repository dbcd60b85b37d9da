import { expect, test } from "@jest/globals";
import { changeAudit } from "../../../functions/core/audits/change-audit.ts";
import type { Notification } from "../../../functions/core/notifications/notification.ts";
import { publishEvents } from "../../../functions/core/publishing/publish-events.ts";
import { deliverWebhook } from "../../../functions/deliver-webhooks/deliver-webhook.ts";
import { recordDelivered } from "../../../functions/deliver-webhooks/record-delivered.ts";
import { sendDueDeliveries } from "../../../functions/sweep-outbox/send-due-deliveries.ts";
import { sweepOutbox } from "../../../functions/sweep-outbox/sweep-outbox.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aSubscription, openAudit } from "../../support/sample-audits.ts";

const forEver = Number.POSITIVE_INFINITY;
const auditIds = Array.from({ length: 20 }, (_, n) => `audit-${n}`);
const resolution = { resolutionCode: 5004, resolutionDescription: null, resolutionTimeStamp: null };

test("purging the deliveries queue in the middle of a run loses nothing", async () => {
  const world = fakeWorld();
  const deliver = deliverWebhook(world);
  for (const subscriptionId of ["s-1", "s-2"]) await world.subscriptions.create(aSubscription({ subscriptionId }));
  for (const auditId of auditIds) {
    const closed = changeAudit(openAudit({ auditId }), "close", { resolution }, noon);
    if (closed === undefined) throw new Error("it cannot be closed");
    await world.audits.create(closed);
    await publishEvents(world)(closed);
  }
  expect(world.deliveries.sent).toHaveLength(40);

  // A quarter is delivered, a quarter fails and waits for a retry, and the rest gets no response.
  const work = async (share: typeof world.deliveries.sent) => {
    for (const message of share) {
      await recordDelivered(world)([{ result: await deliver(message) }]);
    }
  };
  const sent = world.deliveries.sent.splice(0);
  await work(sent.slice(0, 10));
  world.sender.responses.push(...Array.from({ length: 10 }, () => ({ statusCode: 500 })));
  await work(sent.slice(10, 20));
  world.deliveries.sent.length = 0;
  const countOf = async (status: Notification["status"]) =>
    (await world.notificationListing.list("org", { statuses: [status] }, 200)).items.length;
  expect(await countOf("delivered")).toBe(10);
  expect(await countOf("pending")).toBe(30);

  for (let minute = 0; minute < 40; minute++) {
    world.time.advance(60_000);
    await sweepOutbox(world)(forEver);
    await sendDueDeliveries(world)(forEver);
    await work(world.deliveries.sent.splice(0));
  }
  expect(await countOf("delivered")).toBe(40);
  expect(await countOf("pending")).toBe(0);
  for (const auditId of auditIds) {
    const key = { organizationId: "org", auditId };
    expect(await world.notifications.listOfAudit(key)).toMatchObject([
      { status: "delivered" },
      { status: "delivered" },
    ]);
    expect(await world.audits.get(key)).not.toHaveProperty("outboxAt");
  }
});
