import { randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import type { WebhookTargets } from "../../../../functions/core/subscriptions/webhook-url.ts";
import { createSubscriptions } from "../../../../functions/subscriptions-api/subscriptions/create-subscriptions.ts";
import {
  changeSubscriptionBody,
  createSubscriptionsBody,
} from "../../../../functions/subscriptions-api/subscriptions/subscription-input.ts";
import { updateSubscription } from "../../../../functions/subscriptions-api/subscriptions/update-subscription.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { aSubscription } from "../../../support/sample-audits.ts";

const webhookUrl = "https://issuer.example/webhooks";
const arn = "arn:aws:sqs:eu-west-1:111122223333:audits";
const target = { type: "sqs", arn };
const bus = { type: "eventbridge", arn: "arn:aws:events:eu-west-1:111122223333:event-bus/audits" };

describe("a new subscription", () => {
  const parse = (attributes: object) =>
    createSubscriptionsBody.safeParse({ data: [{ type: "subscription", attributes }] }).error?.issues[0]?.path.at(-1);

  test.each<[object, string | undefined]>([
    [{ target }, undefined],
    [{ target: bus, payload: "thin", ordered: true }, undefined],
    [{}, "webhookUrl"],
    [{ webhookUrl, target }, "target"],
    [{ target, headers: { "x-key": "1" } }, "headers"],
    [{ target, eventName: "auditUpdate" }, "target"],
    [{ target: { ...target, type: "eventbridge" } }, "arn"],
    [{ target: { ...bus, type: "sqs" } }, "arn"],
    [{ target: { ...target, type: "sns" } }, "type"],
    [{ target: { ...target, arn: "arn:aws:sns:eu-west-1:111122223333:audits" } }, "arn"],
    [{ target: { ...target, role: "x" } }, "target"],
  ])("%j is refused because of %s", (attributes, field) => {
    expect(parse(attributes)).toBe(field);
  });

  test("without a list of accounts, a target is refused with its place", async () => {
    const webhookTargets: WebhookTargets = { reach: "public", ports: [443] };
    const inputs = createSubscriptionsBody
      .parse({
        data: [webhookUrl, undefined].map((url) => ({
          type: "subscription",
          attributes: url === undefined ? { target } : { webhookUrl: url },
        })),
      })
      .data.map(({ attributes }) => attributes);
    const outcome = await createSubscriptions({ ...fakeWorld(), randomBytes, webhookTargets })("org", inputs);
    expect(outcome).toEqual({
      outcome: "endpoints-refused",
      refusals: [{ position: 1, field: "target", reason: expect.stringContaining("lists no AWS account") }],
    });
  });
});

describe("a change", () => {
  async function change(stored: object, attributes: object) {
    const world = fakeWorld();
    const subscription = aSubscription(stored);
    await world.subscriptions.create(subscription);
    const webhookTargets: WebhookTargets = { reach: "public", ports: [443] };
    const allowed = {
      partition: "aws",
      region: "eu-west-1",
      account: "999999999999",
      accountsOf: { org: ["111122223333"] },
    };
    const update = updateSubscription({ ...world, webhookTargets, allowedTargets: allowed });
    const { data } = changeSubscriptionBody.parse({ data: { type: "subscription", attributes } });
    return update(subscription, data.attributes);
  }

  test("from a webhook to a target and back resets the endpoint's health", async () => {
    const failing = { failingSince: 1 };
    const toTarget = await change(failing, { target });
    expect(toTarget).toMatchObject({ outcome: "updated", subscription: { webhookUrl: arn } });
    expect(toTarget).not.toHaveProperty("subscription.failingSince");
    const back = await change({ ...failing, webhookUrl: arn }, { webhookUrl });
    expect(back).toMatchObject({ outcome: "updated", subscription: { webhookUrl } });
  });

  test.each<[object, object, string]>([
    [{ headers: { "x-key": "1" } }, { target }, "headers"],
    [{ webhookUrl: arn }, { headers: { "x-key": "1" } }, "headers"],
    [{ format: "kard" }, { target }, "target"],
  ])("of %j with %j is refused because of %s", async (stored, attributes, field) => {
    expect(await change(stored, attributes)).toEqual({ outcome: "unfit", field });
  });

  const headers = { authorization: "Bearer of-the-receiver" };
  const elsewhere = "https://elsewhere.example/webhooks";

  test("to another host does not take the headers along", async () => {
    const outcome = await change({ webhookUrl, headers }, { webhookUrl: elsewhere });
    expect(outcome).toEqual({ outcome: "unfit", field: "headers" });
  });

  test.each<[string, object, object | undefined]>([
    ["another path keeps the headers", { webhookUrl: `${webhookUrl}/v2` }, headers],
    ["another host with headers sends these", { webhookUrl: elsewhere, headers: { "x-key": "1" } }, { "x-key": "1" }],
    ["another host without headers removes them", { webhookUrl: elsewhere, headers: null }, undefined],
  ])("to %s", async (_, attributes, left) => {
    const outcome = await change({ webhookUrl, headers }, attributes);
    expect(outcome).toMatchObject({ outcome: "updated" });
    expect("subscription" in outcome && outcome.subscription.headers).toEqual(left);
  });

  test("to a target may remove the headers", async () => {
    const outcome = await change({ headers: { "x-key": "1" } }, { target, headers: null });
    expect(outcome).toMatchObject({ outcome: "updated", subscription: { webhookUrl: arn } });
  });

  test("to a target in another account is refused", async () => {
    const other = { ...target, arn: arn.replace("111122223333", "444455556666") };
    expect(await change({}, { target: other })).toMatchObject({ outcome: "endpoint-refused", field: "target" });
  });
});
