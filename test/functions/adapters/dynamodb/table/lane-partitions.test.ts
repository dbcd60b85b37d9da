import { expect, test } from "@jest/globals";
import { lanePartition, outboxPartition } from "../../../../../functions/adapters/dynamodb/table/lane-partitions.ts";

test("each shard of an issuer has one partition in each lane and one in the outbox", () => {
  expect(lanePartition("OPEN", "bank-a", 3)).toBe("OPEN#bank-a#3");
  expect(outboxPartition("bank-a", 3)).toBe("OUTBOX#bank-a#3");
});

test("no issuer's name gives another issuer's partition", () => {
  expect(lanePartition("OPEN", "bank#1", 3)).toBe("OPEN#bank%231#3");
  expect(lanePartition("OPEN", "bank%231", 3)).toBe("OPEN#bank%25231#3");
});
