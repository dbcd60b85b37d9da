import { expect, test } from "@jest/globals";
import { findAudit } from "../../../../functions/audits-api/audit/find-audit.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { openAudit } from "../../../support/sample-audits.ts";

test("an audit is found by its own id in any of the caller's organizations", async () => {
  const world = fakeWorld();
  await world.audits.create(openAudit({ organizationId: "second" }));
  expect(await findAudit(world)(["first", "second"], openAudit().auditId)).toMatchObject({ organizationId: "second" });
});

test("an audit is found by Kard's id, too", async () => {
  const world = fakeWorld();
  await world.audits.create(openAudit());
  await world.kardAuditIds.claim("kard-1", openAudit());
  expect(await findAudit(world)(["first", "org"], "kard-1")).toEqual(openAudit());
});

test("another issuer's audit is not found by Kard's id", async () => {
  const world = fakeWorld();
  await world.audits.create(openAudit());
  await world.kardAuditIds.claim("kard-1", openAudit());
  expect(await findAudit(world)(["other"], "kard-1")).toBeUndefined();
});

test("another issuer's audit is not found", async () => {
  const world = fakeWorld();
  await world.audits.create(openAudit());
  expect(await findAudit(world)(["other"], openAudit().auditId)).toBeUndefined();
});

test.each(["", "x".repeat(3_000), "a\0b"])("a malformed id is not looked up: %p", async (id) => {
  const world = fakeWorld();
  world.audits.getAll = async () => {
    throw new Error("the table refuses such a key");
  };
  expect(await findAudit(world)(["org"], id)).toBeUndefined();
});
