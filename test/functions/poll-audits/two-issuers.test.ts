import { expect, test } from "@jest/globals";
import type { StatusOutcome } from "../../../functions/core/kard/ports.ts";
import { type PollerWorld, pollerWorld } from "../../support/polling/poller-world.ts";
import { submittingAudit } from "../../support/sample-audits.ts";

const minute = 60_000;
const hour = 60 * minute;

/** Kard's behaviour for issuer `a`. A call times out after six seconds. */
const troubles: [name: string, response: StatusOutcome, latencyMs: number, reason: string | undefined][] = [
  ["unauthorized", { outcome: "unauthorized" }, 100, "unauthorized"],
  ["server errors", { outcome: "failed", reason: "server-error" }, 100, "server-errors"],
  ["throttled", { outcome: "throttled", retryAfterMs: hour }, 100, "throttled"],
  ["throttled without Retry-After", { outcome: "throttled", retryAfterMs: undefined }, 100, "throttled"],
  ["hanging", { outcome: "failed", reason: "timeout" }, 6_000, "hanging"],
  ["no connection", { outcome: "failed", reason: "connection" }, 3_000, "unreachable"],
  ["malformed", { outcome: "not-understood", reason: "malformed-response" }, 100, undefined],
];

/** Issuers `a` (open, rechecked and waiting audits) and `b`, with separate credentials or one for both. */
async function worldOf({ ofA, shared }: { ofA: number; shared: boolean }) {
  const world = pollerWorld({
    credentials: {
      credentialIdentityFor: async (organizationId) => ({
        credentialId: shared ? "one" : organizationId,
        isShared: shared,
      }),
    },
  });
  for (let n = 0; n < ofA; n++) {
    await world.accept(`a-${n}`, hour + n * 10, { organizationId: "a" });
    if (n % 10 > 0) continue;
    const laneAt = world.time.clock();
    await world.accept(`a-recheck-${n}`, hour, { organizationId: "a", lane: "RECHECK", laneAt });
    await world.stores.audits.create(
      submittingAudit({ organizationId: "a", auditId: `a-submit-${n}`, laneAt: world.time.clock() }),
    );
  }
  for (let n = 0; n < 100; n++) await world.accept(`b-${n}`, hour + n * 10, { organizationId: "b" });
  return world;
}

/** Runs two hours of ticks each minute. Returns how often each of b's audits was polled, and the lags. */
async function twoHours(world: PollerWorld) {
  const start = world.time.clock();
  const reasons = new Set<string>();
  let lagMs = 0;
  for (let tick = 0; tick < 120; tick++) {
    world.time.set(Math.max(start + tick * minute, world.time.clock()));
    const { inTrouble, lagMs: late } = await world.cleanTick();
    lagMs = Math.max(lagMs, late);
    for (const { organizationId, reason } of inTrouble) reasons.add(`${organizationId} ${reason}`);
  }
  const ofB = world.calls.filter(({ organizationId }) => organizationId === "b");
  return { ofB, reasons: [...reasons], lagMs };
}

/** How often each of b's audits is polled without `a`. */
const alone = (async () => countsOf((await twoHours(await worldOf({ ofA: 0, shared: false }))).ofB))();

function countsOf(calls: readonly { kardAuditId: string }[]): Map<string, number> {
  return new Map([...Map.groupBy(calls, ({ kardAuditId }) => kardAuditId)].map(([name, list]) => [name, list.length]));
}

async function bBeside(response: StatusOutcome, latencyMs: number, shared: boolean) {
  const world = await worldOf({ ofA: 150, shared });
  world.latencyOf = ({ organizationId }) => (organizationId === "a" ? latencyMs : 100);
  world.answering = ({ organizationId }) => (organizationId === "a" ? response : undefined);
  world.deps.kard.createAudit = async () => {
    await world.time.sleep(latencyMs);
    return response.outcome === "throttled" ? response : { outcome: "unauthorized" };
  };
  return twoHours(world);
}

test.each(troubles)(
  "while Kard's responses to one issuer are %s, another's audits are polled normally",
  async (...row) => {
    const [, response, latencyMs, reason] = row;
    const { ofB, reasons, lagMs } = await bBeside(response, latencyMs, false);
    expect(countsOf(ofB)).toEqual(await alone);
    expect(lagMs).toBeLessThan(minute);
    if (reason !== undefined) expect(reasons).toContain(`a ${reason}`);
    expect(reasons.filter((trouble) => trouble.startsWith("b"))).toEqual([]);
  },
);

test("so are those of issuers that share a credential, if Kard throttles or hangs for one", async () => {
  for (const [, response, latencyMs] of troubles.filter(([name]) => ["throttled", "hanging"].includes(name))) {
    expect(countsOf((await bBeside(response, latencyMs, true)).ofB)).toEqual(await alone);
  }
});

test("after its circuit closes an issuer is polled from its position: none skipped, few twice", async () => {
  const world = await worldOf({ ofA: 0, shared: false });
  const names = Array.from({ length: 600 }, (_, n) => `a-${n}`);
  for (const [n, name] of names.entries()) await world.accept(name, hour + n * 10, { organizationId: "a" });
  // In the middle of the first pass Kard fails for issuer a, for half an hour.
  let isDown = false;
  world.answering = ({ organizationId, number }) => {
    if (number === 300) isDown = true;
    return isDown && organizationId === "a" ? { outcome: "failed", reason: "server-error" } : undefined;
  };
  for (let tick = 0; tick < 30; tick++) {
    await world.cleanTick();
    world.wait();
  }
  const whileDown = world.calls.filter(({ organizationId }) => organizationId === "a").length;
  expect(whileDown).toBeLessThan(300 + 64 + 30);
  isDown = false;
  world.answering = () => undefined;
  expect(await world.cleanTick()).toMatchObject({ inTrouble: [], stopped: undefined });
  const counts = countsOf(world.calls.filter(({ organizationId }) => organizationId === "a"));
  const inRecheck = [...world.stores.state.audits.values()].filter(({ lane }) => lane === "RECHECK");
  expect(counts.size).toBe(600);
  expect(inRecheck.length).toBeLessThan(40);
  // Those in flight when it opened, and the probes.
  expect([...counts.values()].filter((polls) => polls > 1).length).toBeLessThan(64 + 10 + 30);
});

test("an issuer with very many audits and one with ten are polled in every tick, at even shares of one credential", async () => {
  const world = await worldOf({ ofA: 0, shared: true });
  for (let n = 0; n < 6_000; n++) await world.accept(`a-${n}`, hour + n, { organizationId: "a" });
  const tick = await world.cleanTick();
  expect(tick).toMatchObject({ stopped: "time-is-up", mostBelated: "a" });
  const ofB = world.calls.filter(({ organizationId }) => organizationId === "b");
  expect(ofB).toHaveLength(100);
  // 40 calls per second, every second one b's.
  expect((ofB.at(-1)?.at ?? 0) - (world.calls[0]?.at ?? 0)).toBeLessThan((100 / 20) * 1_000 + 2_000);
});

test("only an issuer whose lanes or credential cannot be read is not polled", async () => {
  const world = await worldOf({ ofA: 20, shared: false });
  const { lanes } = world.stores;
  const unreadable = new Error("throttled by the table");
  world.deps.lanes = {
    ...lanes,
    oldestOpen: (of) => (of.organizationId === "a" ? Promise.reject(unreadable) : lanes.oldestOpen(of)),
    due: (lane, of, ...rest) => (of.organizationId === "a" ? Promise.reject(unreadable) : lanes.due(lane, of, ...rest)),
  };
  const tick = await world.tick();
  expect(tick).toMatchObject({ polled: 100 });
  expect(tick?.errors).toContain(unreadable);
  world.deps.lanes = lanes;
  world.wait(5 * minute);
  const unknown = new Error("no credential");
  world.deps.credentials = {
    async credentialIdentityFor(organizationId) {
      if (organizationId === "a") throw unknown;
      return { credentialId: organizationId, isShared: false };
    },
  };
  expect(await world.tick()).toMatchObject({ errors: [unknown], polled: expect.any(Number) });
});

test("an idle issuer costs three reads per shard and no write, and one without due audits one read more", async () => {
  const world = pollerWorld();
  const reads: string[] = [];
  const counted = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        reads.push(String(name));
        return Reflect.get(target, name);
      },
    });
  world.deps.lanes = counted(world.stores.lanes);
  world.deps.cursors = counted(world.stores.cursors);
  await world.cleanTick();
  expect(Object.fromEntries([...Map.groupBy(reads, (name) => name)].map(([name, all]) => [name, all.length]))).toEqual({
    oldestOpen: 8,
    due: 16,
  });
  await world.accept("open", minute);
  reads.length = 0;
  await world.cleanTick();
  expect(reads.filter((name) => name === "read")).toHaveLength(1);
  expect(reads).not.toContain("save");
});
