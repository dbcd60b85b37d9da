import { expect, test } from "@jest/globals";
import { changeAudit } from "../../../../functions/core/audits/change-audit.ts";
import { deliveryGraceMs } from "../../../../functions/core/publishing/notify-subscriptions.ts";
import { publishEvents } from "../../../../functions/core/publishing/publish-events.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aSubscription, openAudit } from "../../../support/sample-audits.ts";
import { closedAudit, worldWith } from "./closed-audit.ts";

test("an audit without an outbox is already published", async () => {
  const { world } = await worldWith(openAudit(), aSubscription());
  expect(await publishEvents(world)(openAudit())).toBe("published");
  expect(world.deliveries.sent).toEqual([]);
});

test("without subscriptions only the owner's queue gets it", async () => {
  const { world, stored } = await worldWith(closedAudit());
  expect(await publishEvents(world)(closedAudit())).toBe("published");
  expect(world.resolutions.sent.map(({ event }) => event.type)).toEqual(["audit.closed"]);
  const audit = await stored();
  expect(audit.outboxAt).toBeUndefined();
  expect(audit.events.e1).toMatchObject({ queuedAt: noon, notifiedAt: noon, publishedAt: noon });
});

test("the owner's queue gets only resolutions", async () => {
  const started = changeAudit(openAudit(), "start", {}, noon) ?? openAudit();
  const { world } = await worldWith(started);
  expect(await publishEvents(world)(started)).toBe("published");
  expect(world.resolutions.sent).toEqual([]);
});

test("every matching subscription gets a row in lane DELIVER and a first message", async () => {
  const { world, stored } = await worldWith(closedAudit(), aSubscription(), aSubscription({ subscriptionId: "s-2" }));
  expect(await publishEvents(world)(closedAudit())).toBe("published");
  const event = closedAudit().events.e1;
  const { organizationId, auditId } = openAudit();
  const key = { organizationId, auditId, sequence: 1 };
  expect(world.deliveries.sent).toEqual(
    ["s-2", "subscription-1"].map((subscriptionId) => ({
      ...{ ...key, subscriptionId, attemptCount: 0, createdAt: noon },
      ...{ eventId: event?.id, eventName: "audit.closed", body: event?.body, delaySeconds: 0 },
    })),
  );
  expect(await world.notifications.listOfAudit(openAudit())).toEqual(
    ["s-2", "subscription-1"].map((subscriptionId) => ({
      ...{ ...key, subscriptionId, eventName: "audit.closed", status: "pending", attemptCount: 0, attempts: [] },
      ...{ createdAt: noon, laneAt: noon + deliveryGraceMs },
    })),
  );
  expect((await stored()).outboxAt).toBeUndefined();
});

test.each([
  ["one of another issuer", aSubscription({ organizationId: "other" })],
  ["one that requests for other events", aSubscription({ eventNames: ["audit.overdue"] })],
  ["one that was made after the event", aSubscription({ createdAt: noon + 1 })],
])("%s does not get it", async (_, subscription) => {
  const { world } = await worldWith(closedAudit(), subscription);
  expect(await publishEvents(world)(closedAudit())).toBe("published");
  expect(world.deliveries.sent).toEqual([]);
  expect(world.state.notifications.size).toBe(0);
});

test("a disabled subscription's notification is held with its event", async () => {
  const { world, stored } = await worldWith(closedAudit(), aSubscription({ enabled: false }));
  expect(await publishEvents(world)(closedAudit())).toBe("published");
  expect(world.deliveries.sent).toEqual([]);
  const { id, body } = closedAudit().events.e1 ?? {};
  expect(await world.notifications.listOfAudit(openAudit())).toMatchObject([
    { status: "held", attemptCount: 0, sequence: 1, event: { id, body } },
  ]);
  expect((await stored()).outboxAt).toBeUndefined();
});
