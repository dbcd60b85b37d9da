import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { rateLimiter } from "../../../../functions/core/shared/rate-limiter.ts";
import { kardCalls } from "../../../../functions/poll-audits/kard/kard-calls.ts";
import { type CallResult, circuitBreaker } from "../../../../functions/poll-audits/kard/kard-circuit-breaker.ts";
import { noon } from "../../../support/fake-clock.ts";
import { virtualTime } from "../../../support/virtual-time.ts";

interface IssuerOfRun {
  credential: string;
  calls: number;
  latencyMs: number;
  result?: CallResult;
}

const answered: CallResult = { result: "answered" };

/** All issuers request all their calls at once. Returns the started calls in order, and how each ended. */
async function run(issuers: readonly IssuerOfRun[], { perSecond = 100, callsAtOnce = 64, lastsMs = 1e9 } = {}) {
  const time = virtualTime(noon);
  const calls = kardCalls({ callsAtOnce, stopAt: noon + lastsMs, clock: time.clock, sleep: time.sleep });
  const limiters = new Map(issuers.map(({ credential }) => [credential, rateLimiter(perSecond)]));
  const began: { issuer: number; credential: string; at: number; inFlight: number[] }[] = [];
  const inFlight = issuers.map(() => 0);
  const ended = issuers.map((issuer, index) => {
    const limiter = limiters.get(issuer.credential) ?? rateLimiter(perSecond);
    const way = calls.open({ breaker: circuitBreaker({ wasOpen: false }), limiter });
    const send = async () => {
      inFlight[index] = (inFlight[index] ?? 0) + 1;
      began.push({ issuer: index, credential: issuer.credential, at: time.clock(), inFlight: [...inFlight] });
      await time.sleep(issuer.latencyMs);
      inFlight[index] = (inFlight[index] ?? 0) - 1;
      return issuer.result ?? answered;
    };
    return Promise.all(Array.from({ length: issuer.calls }, () => way.call("plan", send, (result) => result)));
  });
  const results = await time.run(Promise.all(ended));
  if (results === undefined) throw new Error("it did not end");
  return { began, results, tookMs: time.clock() - noon };
}

const anyIssuer = fc.record({
  credential: fc.constantFrom("a", "b", "c"),
  calls: fc.integer({ min: 0, max: 40 }),
  latencyMs: fc.integer({ min: 1, max: 3_000 }),
});

test("every issuer with work gets a turn within as many calls as issuers share its credential", async () => {
  await fc.assert(
    // One call per second and a fast Kard: only the order of issuers decides.
    fc.asyncProperty(fc.array(anyIssuer, { minLength: 1, maxLength: 12 }), async (given) => {
      const issuers = given.map((issuer) => ({ ...issuer, latencyMs: 1 }));
      const { began } = await run(issuers, { perSecond: 1 });
      for (const [issuer, { credential, calls }] of issuers.entries()) {
        const sharing = issuers.filter((other) => other.credential === credential).length;
        const ofCredential = began.filter((call) => call.credential === credential);
        const turns = ofCredential.flatMap((call, turn) => (call.issuer === issuer ? [turn] : []));
        expect(turns).toHaveLength(calls);
        for (const [index, turn] of turns.entries()) {
          expect(turn - (turns[index - 1] ?? -1)).toBeLessThanOrEqual(sharing);
        }
      }
    }),
    { numRuns: 100 },
  );
});

test("for any mix of issuers all calls are made, within each credential's rate and the concurrency limit", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyIssuer, { minLength: 1, maxLength: 12 }), async (issuers) => {
      const { began, results } = await run(issuers, { perSecond: 50, callsAtOnce: 8 });
      expect(began).toHaveLength(issuers.reduce((sum, { calls }) => sum + calls, 0));
      expect(results.flat()).not.toContain("stopped");
      for (const { inFlight } of began) {
        const busy = inFlight.filter((calls) => calls > 0);
        // The limit, and one for each issuer that had none.
        expect(busy.reduce((sum, calls) => sum + calls, 0)).toBeLessThanOrEqual(8 + busy.length);
      }
      for (const credential of ["a", "b", "c"]) {
        const times = began.filter((call) => call.credential === credential).map(({ at }) => at);
        for (const [index, at] of times.entries()) {
          const inOneSecond = times.slice(index).filter((other) => other < at + 1_000).length;
          expect(inOneSecond).toBeLessThanOrEqual(50 + 2);
        }
      }
    }),
    { numRuns: 50 },
  );
});

test("a single issuer may use all concurrent calls", async () => {
  const { began } = await run([{ credential: "a", calls: 500, latencyMs: 2_000 }], { perSecond: 1_000 });
  expect(Math.max(...began.map(({ inFlight }) => inFlight[0] ?? 0))).toBe(64);
});

test("hanging calls neither delay another issuer's first call nor take more than their share", async () => {
  const hanging: IssuerOfRun = { credential: "a", calls: 300, latencyMs: 6_000 };
  const quick: IssuerOfRun = { credential: "b", calls: 300, latencyMs: 50 };
  const { began } = await run([hanging, quick], { perSecond: 1_000 });
  const ofQuick = began.filter(({ issuer }) => issuer === 1);
  expect(ofQuick[0]?.at).toBe(noon);
  expect((ofQuick.at(-1)?.at ?? 0) - noon).toBeLessThan(2_000);
});

test("a credential whose next call would be too late stops alone", async () => {
  const slow: IssuerOfRun = { credential: "a", calls: 3, latencyMs: 1 };
  const { results } = await run([slow, { ...slow, credential: "b", calls: 1 }], { perSecond: 0.1, lastsMs: 15_000 });
  expect(results).toEqual([[answered, answered, "stopped"], [answered]]);
});

test("an issuer whose breaker opens stops, its calls in flight are ignored, and others continue", async () => {
  const failed: CallResult = { result: "failed", reason: "hanging" };
  const time = virtualTime(noon);
  const calls = kardCalls({ callsAtOnce: 64, stopAt: noon + 1e9, clock: time.clock, sleep: time.sleep });
  const limiter = rateLimiter(1_000);
  const [ill, well] = [0, 1].map(() => calls.open({ breaker: circuitBreaker({ wasOpen: false }), limiter }));
  const send = (ms: number, result: CallResult) => async () => {
    await time.sleep(ms);
    return result;
  };
  const asked = await time.run(
    Promise.all([
      ill?.call("plan", send(10, answered), (result) => result),
      // Ten failures open it. Later ones were in flight, and the last are still waiting.
      ...Array.from({ length: 40 }, (_, n) => ill?.call("plan", send(100 + n, failed), (result) => result)),
      ...Array.from({ length: 40 }, () => well?.call("plan", send(100, answered), (result) => result)),
    ]),
  );
  expect(asked?.slice(1, 11)).toEqual(Array.from({ length: 10 }, () => failed));
  expect(asked?.slice(11, 41)).toEqual(Array.from({ length: 30 }, () => "stopped"));
  expect(asked?.slice(41)).toEqual(Array.from({ length: 40 }, () => answered));
});
