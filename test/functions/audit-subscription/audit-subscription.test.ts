import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { arns, stackWorld } from "./stack-world.ts";

let stack: Awaited<ReturnType<typeof stackWorld>>;
beforeEach(async () => {
  stack = await stackWorld();
});
afterEach(() => stack.stop());

const create = (attributes: object = {}) =>
  stack.send(stack.request("Create", { ResourceProperties: stack.properties(attributes) }));

test("a create makes a subscription that signs with the stack's secret, which no response shows", async () => {
  const response = await create({
    eventNames: ["audit.closed", "audit.overdue"],
    retrySchedule: [60, 600],
    ordered: true,
  });
  const [subscription, ...others] = await stack.subscriptions();
  expect(others).toEqual([]);
  const secret = stack.secrets.get(arns.SecretArn) ?? "";
  expect(secret).toBe(`whsec_${"a".repeat(44)}`);
  expect(subscription).toMatchObject({
    ...{ webhookUrl: "https://orders.example/hooks", eventNames: ["audit.closed", "audit.overdue"], enabled: true },
    ...{ retrySchedule: [60, 600], ordered: true, secrets: [{ secret }] },
  });
  expect(response).toMatchObject({ Status: "SUCCESS", Data: { SubscriptionId: subscription?.subscriptionId } });
  expect(response.PhysicalResourceId).toMatch(/^[0-9a-f]{16}\/./);
  expect(JSON.stringify(response)).not.toContain("a".repeat(44));
});

test.each(["one after the other", "at the same time"])(
  "a create that is sent twice %s makes one subscription",
  async (how) => {
    const request = stack.request("Create", { ResourceProperties: stack.properties() });
    const [first, second] =
      how === "at the same time"
        ? await Promise.all([stack.send(request), stack.send(request)])
        : [await stack.send(request), await stack.send(request)];
    expect(second).toEqual(first);
    expect(await stack.subscriptions()).toHaveLength(1);
  },
);

test("if the response to a create is lost, the rollback deletes what was created", async () => {
  stack.faults.loseResponseOf = "POST";
  const ResourceProperties = stack.properties();
  const failed = await stack.send(stack.request("Create", { ResourceProperties }));
  expect(failed).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("no complete response") });
  expect(await stack.subscriptions()).toHaveLength(1);
  const { PhysicalResourceId } = failed;
  const rollback = stack.request("Delete", { ResourceProperties, PhysicalResourceId });
  expect(await stack.send(rollback)).toMatchObject({ Status: "SUCCESS", PhysicalResourceId });
  expect(await stack.subscriptions()).toEqual([]);
});

test("an update changes the subscription, and resets what the template no longer names", async () => {
  const { PhysicalResourceId } = await create({ payload: "thin", ordered: true, filters: { auditCodes: [3006] } });
  const OldResourceProperties = stack.properties({ payload: "thin" });
  const ResourceProperties = stack.properties({ webhookUrl: "https://orders.example/v2", description: "the ledger" });
  const update = stack.request("Update", { PhysicalResourceId, OldResourceProperties, ResourceProperties });
  for (let times = 0; times < 2; times++)
    expect(await stack.send(update)).toMatchObject({ Status: "SUCCESS", PhysicalResourceId });
  const [subscription, ...others] = await stack.subscriptions();
  expect(others).toEqual([]);
  expect(subscription).toMatchObject({
    webhookUrl: "https://orders.example/v2",
    eventNames: ["audit.closed"],
    description: `the ledger [CloudFormation ${PhysicalResourceId.slice(0, 16)}]`,
  });
  for (const name of ["payload", "ordered", "filters"]) expect(subscription).not.toHaveProperty(name);
});

test("an update of a subscription that somebody has deleted makes another, with another id", async () => {
  const { PhysicalResourceId, Data } = await create();
  await stack.world.subscriptions.delete("org", Data?.SubscriptionId ?? "", stack.world.clock());
  const ResourceProperties = stack.properties({ description: "new" });
  const update = stack.request("Update", {
    ...{ PhysicalResourceId, ResourceProperties, OldResourceProperties: stack.properties() },
  });
  const response = await stack.send(update);
  expect(response.Status).toBe("SUCCESS");
  expect(response.PhysicalResourceId).not.toBe(PhysicalResourceId);
  // CloudFormation then deletes the old one.
  const cleanup = stack.request("Delete", { PhysicalResourceId, ResourceProperties: stack.properties() });
  expect(await stack.send(cleanup)).toMatchObject({ Status: "SUCCESS", PhysicalResourceId });
  expect(await stack.subscriptions()).toMatchObject([{ subscriptionId: response.Data?.SubscriptionId }]);
});

test("another secret replaces the subscription: the new one exists before the old one is deleted", async () => {
  const before = await create();
  stack.secrets.set("arn:other", `whsec_${"b".repeat(44)}`);
  const ResourceProperties = stack.properties({}, { SecretArn: "arn:other" });
  const after = await stack.send(
    stack.request("Update", {
      ...{ PhysicalResourceId: before.PhysicalResourceId, ResourceProperties },
      OldResourceProperties: stack.properties(),
    }),
  );
  expect(after.PhysicalResourceId).not.toBe(before.PhysicalResourceId);
  expect(await stack.subscriptions()).toHaveLength(2);
  await stack.send(
    stack.request("Delete", {
      ...{ PhysicalResourceId: before.PhysicalResourceId, ResourceProperties: stack.properties() },
    }),
  );
  expect(await stack.subscriptions()).toMatchObject([{ secrets: [{ secret: `whsec_${"b".repeat(44)}` }] }]);
});

test("a delete can be repeated, and leaves the subscriptions of others", async () => {
  const { PhysicalResourceId } = await create();
  const other = await create();
  const request = stack.request("Delete", { PhysicalResourceId, ResourceProperties: stack.properties() });
  for (let times = 0; times < 2; times++)
    expect(await stack.send(request)).toMatchObject({ Status: "SUCCESS", PhysicalResourceId });
  expect(await stack.subscriptions()).toMatchObject([{ subscriptionId: other.Data?.SubscriptionId }]);
});

test("what the API refuses fails with its reason, and the rollback succeeds without a subscription", async () => {
  const ResourceProperties = stack.properties({ webhookUrl: "http://10.0.0.1/" });
  const failed = await stack.send(stack.request("Create", { ResourceProperties }));
  expect(failed).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("webhookUrl: ") });
  const { PhysicalResourceId } = failed;
  expect(await stack.send(stack.request("Delete", { ResourceProperties, PhysicalResourceId }))).toMatchObject({
    Status: "SUCCESS",
  });
});

test("properties that cannot be read fail at once, and can be deleted", async () => {
  const ResourceProperties = { ...stack.properties(), Attributes: "no JSON" };
  const failed = await stack.send(stack.request("Create", { ResourceProperties }));
  expect(failed).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("is not JSON") });
  const { PhysicalResourceId } = failed;
  expect(await stack.send(stack.request("Delete", { ResourceProperties, PhysicalResourceId }))).toMatchObject({
    Status: "SUCCESS",
    PhysicalResourceId,
  });
});

test("a secret that is none fails without being shown", async () => {
  stack.secrets.set(arns.SecretArn, "whsec_not-base64!");
  const failed = await create();
  expect(failed).toMatchObject({ Status: "FAILED", Reason: expect.stringContaining("arn:signing must be whsec_") });
  expect(failed.Reason).not.toContain("not-base64");
  expect(await stack.subscriptions()).toEqual([]);
});

test("an event that is no request is thrown, so that Lambda reports it", async () => {
  await expect(stack.send({})).rejects.toThrow();
});
