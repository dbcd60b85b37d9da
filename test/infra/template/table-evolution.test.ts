import { expect, test } from "@jest/globals";
import { resourcesOf, synthesize } from "../support/synthesize.ts";

// An update creates or deletes one global secondary index, and changes none: CloudFormation refuses anything else
// ("Cannot perform more than one GSI creation or deletion in a single update"). The list is the last release. A
// release may add or remove one index, and then updates this list.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.OnlineOps.html
const amount = ["amountInCents", "currency"];
const listFilters = [
  "status",
  "submission",
  "userId",
  "auditCode",
  "merchantName",
  "resolutionCode",
  "fulfilment",
  "dueAt",
  "overdueAt",
];

const released: Record<string, { keys: string[]; attributes: string[] }> = {
  lanes: { keys: ["lane", "laneAt"], attributes: ["kardAuditId", "status", "listedAt", "dueAt", ...amount] },
  outbox: { keys: ["outbox", "outboxAt"], attributes: [] },
  byIssuer: { keys: ["issuer", "listedAt"], attributes: ["subscriptionId", "settledAt", ...amount, ...listFilters] },
  bySettlement: {
    keys: ["issuer", "settledAt"],
    attributes: ["listedAt", "transaction", "issuerReference", ...amount, ...listFilters],
  },
  byTransaction: { keys: ["transaction", "listedAt"], attributes: [] },
  byReference: { keys: ["issuerReference", "listedAt"], attributes: [] },
};

interface Index {
  IndexName: string;
  KeySchema: { AttributeName: string }[];
  Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
}

test("since the last release, at most one index is added or removed, and none is changed", () => {
  const [[, properties] = ["", {}]] = resourcesOf(synthesize(), "AWS::DynamoDB::GlobalTable");
  const now = Object.fromEntries(
    (properties.GlobalSecondaryIndexes as Index[]).map(({ IndexName, KeySchema, Projection }) => [
      IndexName,
      { keys: KeySchema.map(({ AttributeName }) => AttributeName), attributes: Projection.NonKeyAttributes ?? [] },
    ]),
  );
  const names = [...new Set([...Object.keys(released), ...Object.keys(now)])];
  const changed = names.filter((name) => released[name] === undefined || now[name] === undefined);
  expect(changed.length).toBeLessThanOrEqual(1);
  for (const name of names.filter((each) => !changed.includes(each))) expect(now[name]).toEqual(released[name]);
});
