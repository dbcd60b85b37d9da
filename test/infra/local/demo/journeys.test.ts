import { expect, test } from "@jest/globals";
import { rowOf } from "../../../../infra/local/demo/journeys.ts";

test("a row shows control characters of names and descriptions escaped", () => {
  const dispute = {
    ...{ userId: "u1", transactionId: "t\u001b[2J", auditCode: 3006, merchantName: "Shop\u202e" },
    ...{
      auditDescription: "x",
      preferredContactEmail: "a@example.com",
      transactionAmountInCents: 1,
      submitterName: "Ann",
    },
  };
  const times = { closedByKardAt: 1_000, queueAt: 1_020, webhookAt: 1_030 };
  expect(rowOf({ dispute, resolution: "5004 \u0007", ...times })).toEqual([
    ...["t\\u001b[2J", "Shop\\u202e", "5004 \\u0007", "20 ms", "30 ms"],
  ]);
});
