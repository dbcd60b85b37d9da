import { afterEach, expect, jest, test } from "@jest/globals";
import { createKardClient } from "../../../functions/adapters/kard/client.ts";
import { type KardResponse, kardCall } from "../../../functions/adapters/kard/http.ts";
import { logger } from "../../../functions/platform/logger.ts";
import { outboundCall, reportOutboundCalls } from "../../../functions/platform/outbound-calls.ts";
import { grantedToken } from "../../support/kard/kard-client.ts";
import { pollerWorld } from "../../support/polling/poller-world.ts";

const minute = 60_000;

afterEach(() => void jest.restoreAllMocks());

/** A poller with a Kard that gives these bodies, by audit id. Calls are measured as when deployed. */
function worldAnswering(bodyOf: (kardAuditId: string) => unknown) {
  const world = pollerWorld();
  const { clock } = world.time;
  const client = createKardClient({
    ...{ apiUrl: "https://kard.example", tokens: grantedToken, requestTimeoutMs: 1_000, clock },
    async send(request, interpret) {
      const body = JSON.stringify(bodyOf(decodeURIComponent(request.path.split("/").at(-1) ?? "")));
      const response: KardResponse = { answered: true, status: 200, retryAfterMs: undefined, body };
      const outcome = interpret(response);
      outboundCall("Kard", kardCall(request.route, 1, response, outcome));
      return outcome;
    },
  });
  world.kard.getAudit = client.getAudit;
  return world;
}

test("20 malformed responses are counted each time, and reported in one line by their shape", async () => {
  const world = worldAnswering((id) => ({
    _id: id,
    transactionId: "txn-secret",
    status: null,
    history: [{ by: "someone" }],
  }));
  for (let number = 0; number < 20; number++) await world.accept(`audit-${number}`, 0);
  const warn = jest.spyOn(logger, "warn").mockImplementation(() => undefined);
  let measured = 0;
  let ticksWithCalls = 0;
  for (let tick = 0; tick < 24 * 60; tick++) {
    const before = world.calls.length;
    await world.cleanTick();
    const metrics = new Map<string, number>();
    reportOutboundCalls({ addMetric: (name: string, _: string, value: number) => void metrics.set(name, value) });
    const calls = world.calls.length - before;
    measured += metrics.get("KardResponsesNotUnderstood") ?? 0;
    expect(metrics.get("KardResponsesNotUnderstood") ?? 0).toBe(calls);
    expect(metrics.get("KardNoResponse") ?? 0).toBe(calls);
    expect(metrics.has("Kard2xx")).toBe(false);
    if (calls > 0) ticksWithCalls++;
    world.wait(minute);
  }
  expect(world.callCounts().size).toBe(20);
  expect(measured).toBe(world.calls.length);
  expect(measured).toBeGreaterThan(100);
  expect(warn).toHaveBeenCalledTimes(ticksWithCalls);
  const shape = ["_id: string", "transactionId: string", "status: null", "history[].by: string"];
  for (const [message, fields] of warn.mock.calls) {
    const failure = { route: "status", status: 200, reason: "malformed-response", shape, calls: expect.any(Number) };
    expect([message, fields]).toEqual([
      "outbound calls failed",
      { system: "Kard", failures: [failure], failuresOmitted: 0 },
    ]);
  }
});

test("100 malformed responses do not delay other audits of the issuer", async () => {
  const world = worldAnswering((id) =>
    id === "healthy" ? { _id: id, status: "CLOSED", resolutionCode: 5004 } : { _id: id, status: null },
  );
  await world.accept("healthy", 7 * minute);
  for (let number = 0; number < 100; number++) await world.accept(`odd-${number}`, 7 * minute + 1 + number);
  jest.spyOn(logger, "warn").mockImplementation(() => undefined);
  expect(await world.cleanTick()).toMatchObject({ failed: 100, changed: 1 });
  expect(await world.auditOf("healthy")).toMatchObject({ status: "CLOSED" });
});
