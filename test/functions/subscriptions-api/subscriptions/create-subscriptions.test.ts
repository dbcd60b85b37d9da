import { randomBytes } from "node:crypto";
import { expect, test } from "@jest/globals";
import type { WebhookTargets } from "../../../../functions/core/subscriptions/webhook-url.ts";
import { createSubscriptions } from "../../../../functions/subscriptions-api/subscriptions/create-subscriptions.ts";
import { createSubscriptionsBody } from "../../../../functions/subscriptions-api/subscriptions/subscription-input.ts";
import { fakeWorld } from "../../../support/fake-world.ts";

const attributes = { webhookUrl: "https://issuer.example/webhooks" };
const inputs = createSubscriptionsBody
  .parse({ data: Array.from({ length: 3 }, () => ({ type: "subscription", attributes })) })
  .data.map((each) => each.attributes);

test.each([1, 2, 3])("if number %d cannot be created, none is", async (failing) => {
  for (const isMade of [false, true]) {
    const world = fakeWorld();
    const { create, ...others } = world.subscriptions;
    let creates = 0;
    const subscriptions: typeof world.subscriptions = {
      ...others,
      async create(subscription) {
        const fails = ++creates === failing;
        if (!fails || isMade) await create(subscription);
        if (fails) throw new Error("the table is gone");
      },
    };
    const webhookTargets: WebhookTargets = { reach: "public", ports: [443] };
    const deps = { ...world, subscriptions, randomBytes, webhookTargets };
    await expect(createSubscriptions(deps)("org", inputs)).rejects.toThrow("the table is gone");
    expect(await world.subscriptions.listInFull("org")).toEqual([]);
  }
});
