import { setImmediate } from "node:timers/promises";
import { expect, test } from "@jest/globals";
import { listEventsQuery } from "../../../../functions/audits-api/event-input.ts";
import { listEvents } from "../../../../functions/audits-api/lists/list-events.ts";
import type { Scope } from "../../../../functions/core/access/api-key.ts";
import type { Audit } from "../../../../functions/core/audits/audit.ts";
import { feedSettlesAfterMs } from "../../../../functions/core/publishing/event-feed.ts";
import { publishEvents } from "../../../../functions/core/publishing/publish-events.ts";
import { pageToken } from "../../../../functions/core/shared/page-token.ts";
import { applyKardStatus } from "../../../../functions/core/tracking/apply-kard-status.ts";
import { fakeWorld } from "../../../support/fake-world.ts";
import { closedAtKard, openAudit } from "../../../support/sample-audits.ts";

type World = ReturnType<typeof fakeWorld>;

async function closed(world: World, auditId: string): Promise<Audit> {
  const audit = openAudit({ auditId });
  await world.audits.create(audit);
  const followed = await applyKardStatus(world)(audit, closedAtKard());
  if (followed.result !== "changed") throw new Error("it did not change");
  return followed.audit;
}

/** Reads on from `next`, as a client does. */
async function read(world: World, next?: { at: number; id: string }, size = "50", scopes: readonly Scope[] = []) {
  const query = { "page[size]": size, ...(next && { "page[after]": pageToken(next) }) };
  return listEvents(world)("org", listEventsQuery.parse(query), scopes);
}

const idsOf = ({ events }: Awaited<ReturnType<typeof read>>) => events.map(({ id }) => id);

test("an event has the bytes that are stored, two minutes after it was published", async () => {
  const world = fakeWorld();
  const audit = await closed(world, "a");
  await publishEvents(world)(audit);
  expect(await read(world)).toEqual({ events: [], hasNextPage: false, next: undefined });
  world.time.advance(feedSettlesAfterMs + 1);
  const { events, next } = await read(world);
  expect(events).toMatchObject([{ id: "evt_a_1", attributes: { body: audit.events.e1?.body } }]);
  expect(await read(world, next)).toEqual({ events: [], hasNextPage: false, next });
});

test("an event whose write takes as long as a function may run is not skipped by a reader who is at the end", async () => {
  const world = fakeWorld();
  const [slow, fast] = [await closed(world, "slow"), await closed(world, "fast")];
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const putNew: typeof world.notifications.putNew = async (...written) => {
    await released;
    return await world.notifications.putNew(...written);
  };
  const publishing = publishEvents({ ...world, notifications: { ...world.notifications, putNew } })(slow);
  // By now its entry has its time.
  await setImmediate();
  world.time.advance(1_000);
  await publishEvents(world)(fast);
  const seen: string[] = [];
  let next: { at: number; id: string } | undefined;
  for (let elapsed = 0; elapsed <= feedSettlesAfterMs; elapsed += 10_000) {
    if (elapsed === 60_000) release();
    if (elapsed === 60_000) await publishing;
    const page = await read(world, next);
    seen.push(...idsOf(page));
    next = page.next;
    world.time.advance(10_000);
  }
  seen.push(...idsOf(await read(world, next)));
  expect(seen).toEqual(["evt_slow_1", "evt_fast_1"]);
});

test("a live reader gets events at once, and the position stays before those that are not settled", async () => {
  const world = fakeWorld();
  const live = (after?: { at: number; id: string }) => {
    const query = listEventsQuery.parse({ "page[recent]": "true", ...(after && { "page[after]": pageToken(after) }) });
    return listEvents(world)("org", query, []);
  };
  await publishEvents(world)(await closed(world, "a"));
  world.time.advance(feedSettlesAfterMs);
  await publishEvents(world)(await closed(world, "b"));
  world.time.advance(1);
  const first = await live();
  expect([idsOf(first), first.hasNextPage, first.next?.id]).toEqual([["evt_a_1", "evt_b_1"], false, "1:a"]);
  const again = await live(first.next);
  expect([idsOf(again), again.next]).toEqual([["evt_b_1"], first.next]);
  world.time.advance(feedSettlesAfterMs);
  const settled = await live(again.next);
  expect([idsOf(settled), settled.next?.id]).toEqual([["evt_b_1"], "1:b"]);
  expect(idsOf(await live(settled.next))).toEqual([]);
});

test("a live reader is sent to no next page of events that are not settled", async () => {
  const world = fakeWorld();
  for (const auditId of ["a", "b"]) await publishEvents(world)(await closed(world, auditId));
  world.time.advance(1);
  const query = listEventsQuery.parse({ "page[recent]": "true", "page[size]": "1" });
  const page = await listEvents(world)("org", query, []);
  expect([idsOf(page), page.hasNextPage, page.next]).toEqual([["evt_a_1"], false, undefined]);
});

test("pages lead through the feed, and events of erased audits are left out", async () => {
  const world = fakeWorld();
  for (const auditId of ["a", "b", "c"]) {
    await publishEvents(world)(await closed(world, auditId));
    world.time.advance(1);
  }
  world.time.advance(feedSettlesAfterMs);
  await world.auditRemoval.remove({ organizationId: "org", auditId: "b" });
  const first = await read(world, undefined, "2");
  expect([idsOf(first), first.hasNextPage]).toEqual([["evt_a_1"], true]);
  const second = await read(world, first.next, "2");
  expect([idsOf(second), second.hasNextPage]).toEqual([["evt_c_1"], false]);
});

test("events about a subscription are only for callers that may read subscriptions", async () => {
  const world = fakeWorld();
  await publishEvents(world)(await closed(world, "a"));
  const disabled = { eventId: "evt_s_1", eventName: "subscription.disabled", body: "{}" } as const;
  await world.feed.append("org", { at: world.clock() + 1, auditId: "s", sequence: 1, ...disabled });
  world.time.advance(feedSettlesAfterMs + 2);
  const withoutScope = await read(world, undefined, "50", ["audit:read"]);
  expect(idsOf(withoutScope)).toEqual(["evt_a_1"]);
  const withScope = await read(world, undefined, "50", ["audit:read", "notifications:read"]);
  expect(idsOf(withScope)).toEqual(["evt_a_1", "evt_s_1"]);
  expect(withoutScope.next).toEqual(withScope.next);
});

test("events with quotes in their texts are split into pages that Lambda can return", async () => {
  const world = fakeWorld();
  const scopes = ["audit:read", "notifications:read"] as const;
  const body = JSON.stringify({ text: JSON.stringify(Array(3_000).fill("a")) });
  for (let sequence = 1; sequence <= 200; sequence++) {
    const event = { eventId: `evt_${sequence}`, eventName: "subscription.disabled", body } as const;
    await world.feed.append("org", { at: world.clock(), auditId: "s", sequence, ...event });
  }
  world.time.advance(feedSettlesAfterMs + 1);
  const seen: string[] = [];
  let page: Awaited<ReturnType<typeof read>> | undefined;
  do {
    page = await read(world, page?.next, "200", scopes);
    expect(Buffer.byteLength(JSON.stringify({ body: JSON.stringify(page) }))).toBeLessThan(6_000_000);
    seen.push(...idsOf(page));
  } while (page.hasNextPage);
  expect(new Set(seen).size).toBe(200);
  expect(seen).toHaveLength(200);
});
