import { expect, test } from "@jest/globals";
import { arrivals } from "./arrivals.ts";

const closed = (kardAuditId: string, type = "audit.closed") => ({
  type,
  data: { id: `audit-of-${kardAuditId}`, attributes: { kardAuditId } },
});

test("the first arrival of a closing counts", async () => {
  const { onEvent, untilArrived, latencyOf } = arrivals(
    new Map([
      ["kard-1", 1_000],
      ["kard-2", 2_000],
    ]),
  );
  onEvent(closed("kard-1", "audit.in_progress"), 1_001);
  onEvent(closed("kard-1"), 1_010);
  onEvent(closed("kard-1"), 5_000);
  onEvent(closed("kard-2"), 2_200);

  await untilArrived(2, 0);
  expect(latencyOf(["kard-1"])).toEqual({ p50ms: 10, p99ms: 10 });
  expect(latencyOf(["kard-1", "kard-2"])).toEqual({ p50ms: 200, p99ms: 200 });
});

test("missing events are an error", async () => {
  const { onEvent, untilArrived } = arrivals(new Map([["kard-1", 1_000]]));
  onEvent(closed("kard-1"), 1_010);

  await expect(untilArrived(2, -1)).rejects.toThrow("1 of 2 events arrived");
});
