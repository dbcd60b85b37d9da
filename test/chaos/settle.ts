import { pollTimes } from "../../functions/core/tracking/poll-plan.ts";
import type { Item } from "../support/dynamodb-expressions.ts";
import { pollPlan, queueUrls } from "./functions.ts";
import type { World } from "./world.ts";

const minute = 60_000;
/** What has not come to rest after so many ticks never will. */
const mostTicks = 400;
/** Longer than a webhook is retried; by then everything has an outcome. */
const mostMs = 5 * 24 * 60 * minute;

const numberOf = (item: Item, name: string) => Number(item[name]?.N ?? Number.POSITIVE_INFINITY);

/** When something is to be done next, as the table has it; `undefined` when nothing ever is. */
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

/** What Kard has and no audit of ours names: a create whose answer named no id, or was lost. */
function unknownIds({ kard, rows }: World): string[] {
  const known = new Set([...rows.rows.values()].map(({ kardAuditId }) => kardAuditId?.S));
  return [...kard.audits.keys()].filter((id) => !known.has(id));
}

/** Lets the schedules and queues do their work, as time passes, until nothing is left to do. */
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
    // Schedules fire at whole minutes.
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
