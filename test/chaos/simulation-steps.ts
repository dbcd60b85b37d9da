import fc from "fast-check";
import { notificationStatus } from "../../functions/core/notifications/notification.ts";
import { submittingAudit } from "../support/sample-audits.ts";
import type { World } from "./world/world.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;

const organizations = ["org", "other"] as const;
export const endpoints = ["a", "b", "other-a"] as const;
export const endpointKey = (name: (typeof endpoints)[number]) => ({
  organizationId: name === "other-a" ? "other" : "org",
  subscriptionId: name,
});

const anEndpoint = fc.constantFrom(...endpoints);
const anAudit = fc.nat(50);
/** A step; with `beside` the next one starts before it has ended. */
export const aStep = fc.record({
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
        do: fc.constant("respond" as const),
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
export type Step = typeof aStep extends fc.Arbitrary<infer Value> ? Value : never;

export async function take(world: World, step: Step["step"]): Promise<unknown> {
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
    case "respond":
      return all.all.get(`https://${step.endpoint}.example/`)?.responses.push(step.statusCode);
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
