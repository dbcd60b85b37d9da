import type { KardResponse } from "../../functions/adapters/kard/http.ts";
import { shards } from "../../functions/core/shared/lanes.ts";
import { pollTimes } from "../../functions/core/tracking/poll-plan.ts";
import { pollShards } from "../../functions/poll-audits/poll-shards.ts";
import { deployedPlan } from "../../infra/config/stage-defaults.ts";
import { response } from "../support/kard/kard-transport.ts";
import { type RateLimitWorldOptions, rateLimitWorld } from "../support/polling/rate-limit-world.ts";
import { seededRandom } from "../support/seeded-random.ts";

const minute = 60_000;
const hour = 60 * minute;
const ticks = 120;
// The failing issuer comes first in any order of issuers.
const troubled = "issuer-a";
const healthy = "issuer-b";
const openAudits = { [troubled]: 2_000, [healthy]: 200 };

/** The deployed defaults. */
export const deployedLimit: RateLimitWorldOptions["limit"] = {
  kardRequestsPerSecond: 50,
  interactiveShare: 0.2,
  pollers: 1,
};

/** Kard's responses to the failing issuer's calls. */
const troubles = {
  none: undefined,
  unauthorized: response(401, { message: "Unauthorized" }),
  serverErrors: response(500, "Internal Server Error"),
  throttled: response(429, "Too Many Requests", hour),
  hanging: "timeout",
  malformed: response(200, "<html>"),
} as const satisfies Record<string, KardResponse | "timeout" | undefined>;

export type Trouble = keyof typeof troubles;
export const everyTrouble = Object.keys(troubles) as Trouble[];

export interface PolledOnTime {
  /** Share of the healthy issuer's polls that were on time. */
  share: number;
  due: number;
  /** Number of its audits that were polled. */
  auditsPolled: number;
  /** Number of calls for the failing issuer. */
  troubledCalls: number;
}

/**
 * Polls two issuers by the deployed plan for two hours of virtual time, while all calls of one fail. Their audits are
 * at an age at which they are due hourly.
 */
export async function benchTrouble(trouble: Trouble): Promise<PolledOnTime> {
  const random = seededRandom(1);
  const credentialIdOf = (organizationId: string) => organizationId;
  const world = rateLimitWorld({ limit: deployedLimit, pollPlan: deployedPlan, random, credentialIdOf });
  const { time, kard } = world;
  kard.answering = (organizationId) => (organizationId === troubled ? troubles[trouble] : undefined);
  const start = time.clock();
  const acceptedAt = new Map<string, number>();
  for (const [organizationId, count] of Object.entries(openAudits)) {
    for (let number = 0; number < count; number++) {
      const name = `${organizationId}-${number}`;
      const age = 3 * hour + random() * 18 * hour;
      await world.accept(organizationId, name, age);
      if (organizationId === healthy) acceptedAt.set(name, start - age);
    }
  }

  const tick = pollShards(world.poller());
  const run = async () => {
    for (let number = 0; number < ticks; number++) {
      const began = time.clock();
      const { errors } = await tick(shards, began + 45_000);
      if (errors.length > 0) throw errors[0];
      await time.sleep(began + minute - time.clock());
    }
  };
  await time.run(run());

  const calls = Map.groupBy(kard.requests, ({ kardAuditId }) => kardAuditId);
  const polls = [...acceptedAt].map(([name, accepted]) => {
    const at = (calls.get(name) ?? []).map((call) => call.at);
    return { at, due: dueTimes(accepted, start, time.clock() - allowedMs) };
  });
  const due = polls.flatMap(({ at, due }) => due.map((from) => at.some((ms) => ms >= from && ms <= from + allowedMs)));
  return {
    share: due.filter(Boolean).length / due.length,
    due: due.length,
    auditsPolled: polls.filter(({ at }) => at.length > 0).length,
    troubledCalls: kard.requests.filter(({ organizationId }) => organizationId === troubled).length,
  };
}

/** A poll is on time within its gap plus one tick. */
const allowedMs = hour + minute;

/** Nothing was polled before the start, so earlier polls are due at the start. */
function dueTimes(accepted: number, start: number, end: number): number[] {
  const times = [start];
  for (let next = pollTimes(deployedPlan, accepted, start).next; next <= end; ) {
    times.push(next);
    next = pollTimes(deployedPlan, accepted, next).next;
  }
  return times;
}
