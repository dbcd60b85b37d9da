import { expect, test } from "@jest/globals";
import { notificationId } from "../../../../functions/core/notifications/notification-id.ts";
import { notificationRoutes } from "../../../../functions/subscriptions-api/notifications/respond-notifications.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aNotification } from "../../../support/sample-audits.ts";

const route = "POST /v2/issuers/{organizationId}/notifications/{notificationId}/replay";
const { organizationId } = aNotification();
const request = {
  ...{ requestId: "1", method: "POST", path: "/", urlPath: "/", headers: {}, query: {} },
  ...{ parameters: { organizationId, notificationId: notificationId(aNotification()) } },
  body: { bytes: Buffer.from(""), contentType: undefined },
  caller: { organizations: [organizationId], scopes: [] },
};

async function worldWith(changes: Parameters<typeof aNotification>[0]) {
  const world = fakeWorld();
  await world.notifications.put(aNotification({ status: "delivery_failed", ...changes }), undefined);
  return { world, replay: () => notificationRoutes(world)[route].respond(request) };
}

test("a notification whose event has expired cannot be replayed", async () => {
  const { replay } = await worldWith({});
  const detail = "the event of this notification has expired or was erased";
  await expect(replay()).rejects.toMatchObject({ statusCode: 404, errors: [{ detail }] });
});

test("a replay whose message cannot be sent is accepted: the sweep sends it", async () => {
  const { world, replay } = await worldWith({ event: { id: "evt", body: "{}" } });
  const error = new Error("SQS cannot be reached");
  world.deliveries.send = () => Promise.reject(error);
  expect(await replay()).toMatchObject({ statusCode: 202, body: { data: { attributes: { status: "pending" } } } });
  expect(world.errors).toEqual([error]);
});
