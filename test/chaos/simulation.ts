import fc from "fast-check";
import { notificationStatus } from "../../functions/core/notifications/notification.ts";
import { submittingAudit } from "../support/sample-audits.ts";
import { type Call, type FaultKind, faultKinds } from "./outside.ts";
import { progressOf } from "./progress.ts";
import { settle } from "./settle.ts";
import type { Finding } from "./single-faults.ts";
import { judgeEnd } from "./verdict.ts";
import { createWorld, type World } from "./world.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const organizations = ["org", "other"] as const;
const endpoints = ["a", "b", "other-a"] as const;
const endpointKey = (name: (typeof endpoints)[number]) => ({
  organizationId: name === "other-a" ? "other" : "org",
  subscriptionId: name,
});

const anEndpoint = fc.constantFrom(...endpoints);
const anAudit = fc.nat(50);
/** A step; with `beside` the next one starts before it has ended. */
const aStep = fc.record({
  beside: fc.boolean(),
  step: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant("submit" as const),
        organization: fc.constantFrom(...organizations),
        transaction: fc.nat(30),
        audits: fc.integer({ min: 1, max: 4 }),
      }),
    },
    { weight: 4, arbitrary: fc.record({ do: fc.constant("poll" as const) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant("sweep" as const) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant("deliver" as const) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constantFrom("start" as const, "close" as const, "push" as const),
        audit: anAudit,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("answer" as const),
        endpoint: anEndpoint,
        statusCode: fc.constantFrom(500, 503, 429, 410, 204),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("switch" as const), endpoint: anEndpoint, enabled: fc.boolean() }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constantFrom("rotate" as const, "recover" as const), endpoint: anEndpoint }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("refresh" as const), audit: anAudit }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("replay" as const), notification: fc.nat(50) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("kard" as const), isDown: fc.boolean() }) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("wait" as const),
        ms: fc.oneof(fc.integer({ min: second, max: 2 * minute }), fc.integer({ min: minute, max: 36 * hour })),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("set-back" as const), ms: fc.integer({ min: second, max: 2 * minute }) }),
    },
  ),
});
type Step = typeof aStep extends fc.Arbitrary<infer Value> ? Value : never;

const stepsPerRun = 100;
/** A fault, and the number of calls since the last one. */
const aFault = fc.record({ after: fc.integer({ min: 1, max: 150 }), kind: fc.constantFrom(...faultKinds) });
const aRun = fc.record({
  // A step shrinks to nothing.
  steps: fc.array(fc.option(aStep, { nil: undefined, freq: 1_000 }), {
    minLength: stepsPerRun,
    maxLength: stepsPerRun,
    size: "max",
  }),
  faults: fc.array(aFault, { maxLength: 40, size: "max" }),
});

/** Runs many audits, workers, faults and clock jumps at random. fast-check shrinks failures. */
export async function simulate({
  steps,
  seed,
  bail,
}: {
  steps: number;
  seed: number;
  bail: boolean;
}): Promise<{ steps: number; findings: Finding[] }> {
  const numRuns = Math.ceil(steps / stepsPerRun);
  const progress = progressOf("simulated runs", numRuns);
  const result = await fc.check(
    fc.asyncProperty(aRun, async (run) => {
      progress.step();
      return (await simulated(run)).length === 0;
    }),
    { seed, numRuns, endOnFailure: bail },
  );
  progress.stop();
  const findings: Finding[] = [];
  if (result.counterexample !== null) {
    const [run] = result.counterexample;
    findings.push({
      ...{ scenario: "simulation", faults: [], violations: await simulated(run) },
      what: JSON.stringify({ ...run, steps: run.steps.flatMap((one) => one ?? []) }),
      repeat: `npm run chaos -- simulate --seed ${seed} --steps ${result.numRuns * stepsPerRun}`,
    });
  }
  return { steps: result.numRuns * stepsPerRun, findings };
}

async function simulated({
  steps,
  faults,
}: {
  steps: readonly (Step | undefined)[];
  faults: readonly { after: number; kind: FaultKind }[];
}) {
  const world = createWorld();
  const { outside, history, time } = world;
  let calls = 0;
  const waiting = [...faults];
  let strikeAt = waiting[0]?.after ?? 0;
  outside.latency = () => (++calls * 37) % 180;
  outside.surprise = ({ kinds }: Call) => {
    const [next] = waiting;
    if (next === undefined || calls < strikeAt || !kinds.includes(next.kind)) return undefined;
    waiting.shift();
    strikeAt = calls + (waiting[0]?.after ?? 0);
    return next.kind;
  };
  const work = async () => {
    await world.subscribe("a");
    await world.subscribe("b", {
      eventNames: ["audit.closed", "subscription.disabled"],
      filters: { auditCodes: [3006] },
    });
    await world.subscribe("other-a", { organizationId: "other" });
    const beside: Promise<unknown>[] = [];
    for (const { step, beside: isBeside } of steps.flatMap((one) => one ?? [])) {
      const done = take(world, step);
      if (isBeside) beside.push(done);
      else await done;
    }
    await Promise.all(beside);
    outside.latency = undefined;
    outside.surprise = undefined;
    world.kard.setDown(false);
    // The owner replays what has failed for days.
    for (const { answers } of world.endpoints.all.values()) answers.length = 0;
    for (const name of endpoints) {
      await world.insist("subscriptions-api", (its) => its.update(endpointKey(name), { enabled: true }));
    }
    await settle(world);
  };
  try {
    await time.run(work());
  } catch (error) {
    history.violated(`it ended early: ${error instanceof Error ? error.stack : error}`);
  }
  judgeEnd(world);
  return history.violations;
}

async function take(world: World, step: Step["step"]): Promise<unknown> {
  const { kard, endpoints: all, time } = world;
  switch (step.do) {
    case "submit": {
      const { request } = submittingAudit();
      const requests = Array.from({ length: step.audits }, (_, number) => ({
        ...{
          ...request,
          transactionId: `txn-${step.transaction}-${number}`,
          auditDescription: `dispute ${step.transaction}`,
        },
      }));
      const key = `key-${step.transaction}-${step.audits}`;
      return world.submit({ organizationId: step.organization, requests, idempotency: { key, fingerprint: key } });
    }
    case "poll":
      return world.poll();
    case "sweep":
      return world.sweep();
    case "deliver":
      return world.deliver();
    case "start":
    case "close":
    case "push": {
      const ids = [...kard.audits.keys()];
      const id = ids[step.audit % ids.length];
      if (id === undefined) return;
      return step.do === "push" ? world.push(id) : kard[step.do](id);
    }
    case "refresh": {
      const { input, auditIds } = world.submitted[step.audit % world.submitted.length] ?? {};
      return input === undefined ? undefined : world.refresh(input.organizationId, auditIds?.[0] ?? "");
    }
    case "answer":
      return all.all.get(`https://${step.endpoint}.example/`)?.answers.push(step.statusCode);
    case "switch":
      return world.invoke("subscriptions-api", (its) =>
        its.update(endpointKey(step.endpoint), { enabled: step.enabled }),
      );
    case "rotate": {
      const ended = await world.invoke("subscriptions-api", (its) =>
        its.rotate(endpointKey(step.endpoint), { overlapSeconds: 7 * 86_400 }),
      );
      const secret = ended.ended === "done" ? ended.value?.secrets[0]?.secret : undefined;
      // If the owner does not get the new secret, its endpoint cannot verify, so it rotates again.
      if (secret !== undefined) all.all.get(`https://${step.endpoint}.example/`)?.secrets.add(secret);
      return;
    }
    case "recover":
      return world.invoke("subscriptions-api", (its) =>
        its.recover({
          ...endpointKey(step.endpoint),
          since: 0,
          statuses: notificationStatus.options,
          dryRun: false,
          from: undefined,
        }),
      );
    case "replay": {
      const rows = [...world.rows.rows.values()].filter(({ sk }) => sk?.S?.startsWith("NOTIFICATION#"));
      const row = rows[step.notification % rows.length];
      if (row === undefined) return;
      const [, sequence, subscriptionId = ""] = row.sk?.S?.split("#") ?? [];
      const [, organizationId = "", auditId = ""] = row.pk?.S?.split("#") ?? [];
      return world.invoke("subscriptions-api", (its) =>
        its.replay({ organizationId, auditId, sequence: Number(sequence), subscriptionId }),
      );
    }
    case "kard":
      return kard.setDown(step.isDown);
    case "wait":
      return world.wait(step.ms);
    case "set-back":
      return time.set(time.clock() - step.ms);
  }
}
