import type { Audit } from "../../../functions/core/audits/audit.ts";
import type { StatusOutcome } from "../../../functions/core/kard/ports.ts";
import type { PollPlan } from "../../../functions/core/tracking/poll-plan.ts";
import type { LaneRow } from "../../../functions/core/tracking/ports.ts";
import { type PollShardsDeps, pollShards, type Tick } from "../../../functions/poll-audits/poll-shards.ts";
import { noon } from "../fake-clock.ts";
import { fakeDeliveries, fakeResolutions } from "../fake-queues.ts";
import { fakeKard } from "../kard/fake-kard.ts";
import { memoryStores } from "../memory/stores.ts";
import { openAtKard, openAudit } from "../sample-audits.ts";
import { virtualTime } from "../virtual-time.ts";

const second = 1_000;
const minute = 60 * second;

/** The deployed plan with fewer bands. */
export const smallPlan: PollPlan = {
  bands: [
    { from: 5 * minute, to: 60 * minute, gap: 5 * minute, resolution: minute },
    { from: 120 * minute, to: 1_440 * minute, gap: 60 * minute, resolution: 5 * minute },
    { from: 2_880 * minute, to: null, gap: 1_440 * minute, resolution: 120 * minute },
  ],
  overdueAfter: 90 * 1_440 * minute,
};

export const allShards = [0, 1, 2, 3, 4, 5, 6, 7];

/** Kard's response to a status call; `undefined` shows the audit. */
type Answering = (call: {
  kardAuditId: string;
  organizationId: string;
  at: number;
  number: number;
}) => StatusOutcome | undefined;

export type PollerWorld = ReturnType<typeof pollerWorld>;

/** Pollers with stores in memory and a Kard with a delay, in virtual time. */
export function pollerWorld(
  given: Partial<
    Pick<PollShardsDeps, "pollPlan" | "followUpAfterMs" | "callsPerSecond" | "lanes" | "credentials">
  > = {},
) {
  const time = virtualTime(noon);
  const stores = memoryStores();
  stores.state.issuers.add("org");
  const kard = fakeKard();
  const resolutions = fakeResolutions();
  const deliveries = fakeDeliveries();
  const calls: { kardAuditId: string; organizationId: string; at: number }[] = [];
  const world = {
    ...{ time, stores, kard, resolutions, deliveries, calls },
    deps: {
      ...{ ...stores, ownerTargets: [resolutions], deliveries, kard },
      ...{ pollPlan: smallPlan, callsPerSecond: 40, random: () => 0.5 },
      ...{ clock: time.clock, sleep: time.sleep, holder: "poller-1" },
      provesOwnership: async () => true,
      onGivenUp: () => undefined,
      credentials: { credentialIdentityFor: async () => ({ credentialId: "shared", isShared: true }) },
      ...given,
    } as PollShardsDeps,
    /** The duration of a status call, in milliseconds. */
    latencyMs: 100,
    /** The duration for an issuer, if it differs. */
    latencyOf: undefined as ((call: { organizationId: string }) => number) | undefined,
    answering: (() => undefined) as Answering,
    inFlight: 0,
    mostInFlight: 0,

    /** Stores an audit that Kard knows, accepted this many milliseconds ago. */
    async accept(name: string, age: number, changes: Partial<Audit> = {}): Promise<Audit> {
      const acceptedAt = time.clock() - age;
      const times = { createdAt: acceptedAt, acceptedAt, laneAt: acceptedAt };
      const audit = openAudit({ auditId: name, kardAuditId: name, ...times, ...changes });
      await stores.audits.create(audit);
      kard.audits.set(name, openAtKard("NEW", name));
      return audit;
    },
    async auditOf(name: string, organizationId = "org"): Promise<Audit> {
      const audit = await stores.audits.get({ organizationId, auditId: name });
      if (audit === undefined) throw new Error(`no audit ${name}`);
      return audit;
    },
    /** How often each audit was polled. */
    callCounts: () => Map.groupBy(calls, ({ kardAuditId }) => kardAuditId),

    /** Runs one tick; `undefined` if the process was killed in it. */
    async tick(seconds = 45, shards: readonly number[] = allShards): Promise<Tick | undefined> {
      const tick = await time.run(pollShards(world.deps)(shards, time.clock() + seconds * second));
      if (tick !== undefined && world.inFlight > 0) throw new Error("a call is in flight after the end of the tick");
      return tick;
    },
    /** Runs a tick that is not killed, and throws its errors. */
    async cleanTick(seconds = 45, shards: readonly number[] = allShards): Promise<Tick> {
      const tick = await world.tick(seconds, shards);
      if (tick === undefined) throw new Error("killed");
      if (tick.errors.length > 0) throw tick.errors[0];
      return tick;
    },
    /** Lets time pass until the next tick. */
    wait(ms = minute) {
      time.set(time.clock() + ms);
    },
  };

  world.deps.kard = {
    ...kard,
    async getAudit(organizationId, kardAuditId) {
      const at = time.clock();
      calls.push({ kardAuditId, organizationId, at });
      const number = calls.length;
      world.mostInFlight = Math.max(world.mostInFlight, ++world.inFlight);
      await time.sleep(world.latencyOf?.({ organizationId }) ?? world.latencyMs);
      world.inFlight--;
      return world.answering({ kardAuditId, organizationId, at, number }) ?? kard.getAudit(organizationId, kardAuditId);
    },
  };
  return world;
}

/** A row of lane OPEN; the table may have no audit for it. */
export function planRow(name: string, laneAt: number): LaneRow {
  return { organizationId: "org", auditId: name, kardAuditId: name, laneAt, status: "NEW" };
}
