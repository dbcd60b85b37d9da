import { pollTimes } from "../../../functions/core/tracking/poll-plan.ts";
import type { Item } from "../../support/dynamodb/dynamodb-expressions.ts";
import { pollPlan, queueUrls } from "./functions.ts";
import type { World } from "./world.ts";

const minute = 60_000;
/** What has not settled after this many ticks never will. */
const mostTicks = 400;
/** Longer than a webhook is retried. By then everything has an outcome. */
const mostMs = 5 * 24 * 60 * minute;

const numberOf = (item: Item, name: string) => Number(item[name]?.N ?? Number.POSITIVE_INFINITY);

/** The time of the next work in the table; `undefined` if there is none. */
function nextWork(world: World): number | undefined {
  const now = world.time.clock();
  let next = Number.POSITIVE_INFINITY;
  for (const item of world.rows.rows.values()) {
    const lane = item.lane?.S?.split("#")[0];
    if (lane === "OPEN") next = Math.min(next, pollTimes(pollPlan, numberOf(item, "laneAt"), now).next);
    else if (lane !== undefined && lane !== "HELD") next = Math.min(next, numberOf(item, "laneAt"));
    next = Math.min(next, numberOf(item, "outboxAt"));
  }
  return Number.isFinite(next) ? next : undefined;
}

/** Audits at Kard that no audit here has: their create's response was lost or had no id. */
function unknownIds({ kard, rows }: World): string[] {
  const known = new Set([...rows.rows.values()].map(({ kardAuditId }) => kardAuditId?.S));
  return [...kard.audits.keys()].filter((id) => !known.has(id));
}

/** Runs schedules and queues, with time passing, until no work is left. */
export async function settle(world: World): Promise<void> {
  const { time, queues, kard, history } = world;
  const end = time.clock() + mostMs;
  for (let ticks = 0; ticks < mostTicks; ticks++) {
    for (const id of kard.audits.keys()) kard.close(id);
    if (kard.isOdd()) for (const id of unknownIds(world)) await world.push(id);
    const now = time.clock();
    const queueAt = Math.min(queues.nextAt(queueUrls.usual), queues.nextAt(queueUrls.slow));
    const workAt = nextWork(world);
    if (workAt === undefined && !Number.isFinite(queueAt)) return;
    if (Math.min(workAt ?? queueAt, queueAt) > end) break;
    // Schedules run at whole minutes.
    const tickAt = Math.ceil(Math.max(workAt ?? Number.POSITIVE_INFINITY, now + 1) / minute) * minute;
    await world.wait(Math.max(Math.min(tickAt, queueAt) - now, 0));
    if (queueAt <= time.clock()) await world.deliver();
    if (tickAt > time.clock()) continue;
    await world.poll();
    await world.sweep();
    await world.deliver();
  }
  history.violated("it never comes to rest");
}
