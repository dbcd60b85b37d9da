import { expect, test } from "@jest/globals";
import { eventsInOrder } from "../../../functions/core/audits/change-audit.ts";
import { markDue, newlyOverdue } from "../../../functions/poll-audits/mark-due.ts";
import { noon } from "../../support/fake-clock.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { openAudit } from "../../support/sample-audits.ts";

const hour = 60 * 60_000;

async function storedWorld() {
  const world = fakeWorld();
  const audit = openAudit({ dueAt: noon + 10 * hour });
  await world.audits.create(audit);
  const mark = markDue({ ...world, pollPlan: { overdueAfter: 1, dueSoonBefore: 4 * hour } });
  return { world, audit, mark };
}

const typesOf = (audit: Parameters<typeof eventsInOrder>[0]) => eventsInOrder(audit).map(({ event }) => event.type);

test("an audit is announced once before it is due, and once when it is overdue", async () => {
  const { world, audit, mark } = await storedWorld();
  world.time.advance(6 * hour - 1);
  expect(await mark(audit)).toBe(audit);
  world.time.advance(1);
  const soon = await mark(audit);
  expect(typesOf(soon)).toEqual(["audit.due_soon"]);
  expect(newlyOverdue(audit, soon)).toBe(0);
  expect(JSON.parse(soon.events.e1?.body ?? "")).toMatchObject({
    data: { attributes: { dueAt: new Date(noon + 10 * hour).toISOString() } },
  });
  expect(await mark(soon)).toBe(soon);
  world.time.advance(4 * hour);
  const overdue = await mark(soon);
  expect(typesOf(overdue)).toEqual(["audit.due_soon", "audit.overdue"]);
  expect(newlyOverdue(soon, overdue)).toBe(1);
  expect(await mark(overdue)).toBe(overdue);
});

test("an audit that is first looked at when it is overdue is not announced as due soon", async () => {
  const { world, audit, mark } = await storedWorld();
  world.time.advance(11 * hour);
  const overdue = await mark(audit);
  expect(typesOf(overdue)).toEqual(["audit.overdue"]);
  expect(await mark(overdue)).toBe(overdue);
});

test("without a lead time, nothing is announced", async () => {
  const { world, audit } = await storedWorld();
  world.time.advance(9 * hour);
  expect(await markDue({ ...world, pollPlan: { overdueAfter: 1 } })(audit)).toBe(audit);
});
