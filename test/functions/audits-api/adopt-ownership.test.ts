import { expect, test } from "@jest/globals";
import { adoptAudits } from "../../../functions/audits-api/adopt/adopt-audits.ts";
import { aRequest, closedAtKard, openAtKard, openAudit, waitingAudit } from "../../support/sample-audits.ts";
import { auditId, worldWhereKardHas } from "./adopting-world.ts";

test("the id of a lost create's audit is attached to it", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: closedAtKard() });
  await world.audits.create(waitingAudit());
  expect(await adopt("kard-1")).toMatchObject([{ result: "adopted", audit: { auditId: waitingAudit().auditId } }]);
  expect(world.state.audits.size).toBe(1);
  expect(await world.audits.get(waitingAudit())).toMatchObject({ status: "CLOSED", kardAuditId: "kard-1" });
  expect(world.resolutions.sent).toHaveLength(1);
});

test.each([
  ["that Kard has not got", waitingAudit({ submission: "unsent" })],
  ["of another user", waitingAudit({ userId: "other" })],
  ["with other contents", waitingAudit({ request: { ...aRequest, merchantName: "other" } })],
])("a waiting audit %s does not get it", async (_, waiting) => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: openAtKard("NEW") });
  await world.audits.create(waiting);
  expect(await adopt("kard-1")).toMatchObject([{ result: "adopted", audit: { auditId } }]);
  expect(await world.audits.get(waiting)).toEqual(waiting);
});

test("an id that another issuer tracks is unknown, and Kard is called all the same", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: openAtKard("NEW") });
  await world.kardAuditIds.claim("kard-1", openAudit({ organizationId: "other" }));
  expect(await adopt("kard-1")).toEqual([{ result: "unknown" }]);
  expect(world.kard.gets).toHaveLength(1);
  expect(world.state.audits.size).toBe(0);
});

test("if Kard's responses prove no ownership every id is unknown, and Kard is not called", async () => {
  const { world, adopt } = worldWhereKardHas();
  world.provesOwnership = async () => false;
  expect(await adopt("kard-1", "kard-2")).toEqual([{ result: "unknown" }, { result: "unknown" }]);
  expect(world.kard.gets).toEqual([]);
});

test("of two issuers that adopt one id at once only one gets it", async () => {
  const { world } = worldWhereKardHas();
  world.kard.audits.set("kard-1", openAtKard("NEW"));
  const results = await Promise.all(["org", "other"].map((issuer) => adoptAudits(world)(issuer, "user-1", ["kard-1"])));
  expect(results.flat().map(({ result }) => result)).toEqual(["adopted", "unknown"]);
  expect(world.state.audits.size).toBe(1);
});

test("an interrupted adoption is completed under its claimed audit id", async () => {
  const { world, adopt } = worldWhereKardHas({ outcome: "known", audit: openAtKard("NEW") });
  await world.kardAuditIds.claim("kard-1", { organizationId: "org", auditId: "claimed" });
  expect(await adopt("kard-1")).toMatchObject([{ result: "adopted", audit: { auditId: "claimed" } }]);
});
