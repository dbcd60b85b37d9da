import { randomBytes } from "node:crypto";
import { expect, test } from "@jest/globals";
import type { WebhookTargets } from "../../../../functions/core/subscriptions/webhook-url.ts";
import { createSubscriptions } from "../../../../functions/subscriptions-api/subscriptions/create-subscriptions.ts";
import { createSubscriptionsBody } from "../../../../functions/subscriptions-api/subscriptions/subscription-input.ts";
import { fakeWorld } from "../../../support/fake-world.ts";

const webhookUrl = "https://issuer.example/kard";
const ofKard = { webhookUrl, eventName: "auditUpdate", enabled: true };
const others = { webhookUrl: "https://issuer.example/others" };

function aWorld() {
  const webhookTargets: WebhookTargets = { reach: "public", ports: [443] };
  const world = fakeWorld();
  const create = createSubscriptions({ ...world, randomBytes, webhookTargets });
  return {
    ...world,
    create: (organizationId: string, ...attributes: object[]) => {
      const data = attributes.map((each) => ({ type: "subscription", attributes: each }));
      const inputs = createSubscriptionsBody.parse({ data }).data.map((each) => each.attributes);
      return create(organizationId, inputs);
    },
  };
}

test("a second auditUpdate subscription for one URL is refused and names the first", async () => {
  const { create, subscriptions } = aWorld();
  expect(await create("org", ofKard)).toMatchObject({ outcome: "created" });
  const [first] = await subscriptions.listInFull("org");
  expect(await create("org", others, ofKard)).toEqual({
    ...{ outcome: "exist" },
    conflicts: [{ position: 1, subscriptionId: first?.subscriptionId }],
  });
  expect(await subscriptions.listInFull("org")).toEqual([first]);
});

test.each([
  { issuer: "another" },
  { second: { ...ofKard, webhookUrl: "https://issuer.example/other" } },
  { second: { ...ofKard, filters: { auditCodes: [8001] } } },
  { second: { webhookUrl, eventName: "audit.closed" } },
  { second: { ...ofKard, enabled: false } },
  { first: { ...ofKard, enabled: false } },
  { first: { webhookUrl, eventNames: ["audit.closed"] } },
])("%j is no repeat", async ({ issuer = "org", first = ofKard, second = ofKard }) => {
  const { create } = aWorld();
  expect(await create("org", first)).toMatchObject({ outcome: "created" });
  expect(await create(issuer, second)).toMatchObject({ outcome: "created" });
});
