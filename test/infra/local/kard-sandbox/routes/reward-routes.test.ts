import { expect, test } from "@jest/globals";
import { authorized, start } from "../running-sandbox.ts";

const path = "/v2/issuers/organization-123/users/user-123/earned-rewards";
const user = { organizationId: "organization-123", userId: "user-123" };

test("Get Earned Rewards lists a user's transactions of a status, page by page", async () => {
  const { kard, sandbox } = await start();
  const token = await authorized(kard);
  for (const n of [1, 2, 3]) sandbox.setReward(user, { transactionId: `t${n}`, amountInCents: n * 100 });
  sandbox.setReward(user, { transactionId: "t4", amountInCents: 400, status: "APPROVED" });
  sandbox.setReward({ ...user, userId: "other" }, { transactionId: "t5", amountInCents: 500 });
  const idsOf = ({ body }: Awaited<ReturnType<typeof kard>>) =>
    body.data.map(({ attributes }: { attributes: { transactionId: string } }) => attributes.transactionId);
  const first = await kard("GET", `${path}?page[size]=2`, undefined, token);
  const second = await kard("GET", first.body.links.next, undefined, token);
  expect([...idsOf(first), ...idsOf(second)].toSorted()).toEqual(["t1", "t2", "t3"]);
  expect(second.body.links).not.toHaveProperty("next");
  expect(idsOf(await kard("GET", `${path}?filter[status]=APPROVED`, undefined, token))).toEqual(["t4"]);
  expect((await kard("GET", `${path}?filter[status]=LOST`, undefined, token)).status).toBe(400);
});

test("a reward is set by the admin API, and replaced", async () => {
  const { kard, sandbox } = await start();
  const token = await authorized(kard);
  const admin = "/admin/issuers/organization-123/users/user-123/rewards";
  expect((await kard("PUT", admin, { transactionId: "t1", amountInCents: 100 })).status).toBe(204);
  expect((await kard("PUT", admin, { transactionId: "t1", amountInCents: 200, commissionInCents: 9 })).status).toBe(
    204,
  );
  expect((await kard("PUT", admin, { transactionId: "t1" })).status).toBe(400);
  const { body } = await kard("GET", path, undefined, token);
  expect(body.data).toMatchObject([
    { attributes: { transactionAmountInCents: 200, commissionEarned: { user: { value: 9 } } } },
  ]);
  sandbox.configure({ readsTransactions: false });
  expect((await kard("GET", path, undefined, token)).status).toBe(403);
});
