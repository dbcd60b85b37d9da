import { describe, test } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { indexNames } from "../../../infra/constructs/audit-table.ts";
import { prod, synthesize } from "../support/synthesize.ts";

const template = synthesize();
const key = { "Fn::GetAtt": [Match.stringLikeRegexp("^DataKey"), "Arn"] };

describe("the table", () => {
  test.each([
    [
      "lanes",
      "lane",
      "laneAt",
      { ProjectionType: "INCLUDE", NonKeyAttributes: Match.arrayWith(["kardAuditId", "status", "dueAt"]) },
    ],
    ["outbox", "outbox", "outboxAt", { ProjectionType: "KEYS_ONLY" }],
    [
      "byIssuer",
      "issuer",
      "listedAt",
      { ProjectionType: "INCLUDE", NonKeyAttributes: Match.arrayWith(["subscriptionId", "settledAt", "dueAt"]) },
    ],
    [
      "bySettlement",
      "issuer",
      "settledAt",
      { ProjectionType: "INCLUDE", NonKeyAttributes: Match.arrayWith(["listedAt", "transaction", "dueAt"]) },
    ],
    ["byTransaction", "transaction", "listedAt", { ProjectionType: "KEYS_ONLY" }],
    ["byReference", "issuerReference", "listedAt", { ProjectionType: "KEYS_ONLY" }],
  ])("has the index %s by %s and %s", (IndexName, partition, sort, Projection) => {
    template.hasResourceProperties("AWS::DynamoDB::GlobalTable", {
      AttributeDefinitions: Match.arrayWith([{ AttributeName: partition, AttributeType: "S" }]),
      GlobalSecondaryIndexes: Match.arrayWith([
        {
          IndexName,
          KeySchema: [
            { AttributeName: partition, KeyType: "HASH" },
            { AttributeName: sort, KeyType: "RANGE" },
          ],
          Projection,
        },
      ]),
    });
    template.hasResourceProperties("AWS::DynamoDB::GlobalTable", {
      AttributeDefinitions: Match.arrayWith([{ AttributeName: sort, AttributeType: "N" }]),
    });
  });

  test("has no other index, on-demand billing, TTL by expiresAt, point-in-time recovery and the key's encryption", () => {
    template.hasResourceProperties("AWS::DynamoDB::GlobalTable", {
      KeySchema: [
        { AttributeName: "pk", KeyType: "HASH" },
        { AttributeName: "sk", KeyType: "RANGE" },
      ],
      BillingMode: "PAY_PER_REQUEST",
      TimeToLiveSpecification: { AttributeName: "expiresAt", Enabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: "KMS" },
      Replicas: [
        {
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
          SSESpecification: { KMSMasterKeyId: key },
          GlobalSecondaryIndexes: indexNames.map((IndexName) => ({ IndexName })),
        },
      ],
    });
  });

  test("is protected and retained in production, with its key", () => {
    const production = synthesize(prod);
    production.hasResource("AWS::DynamoDB::GlobalTable", {
      DeletionPolicy: "Retain",
      Properties: { Replicas: [{ DeletionProtectionEnabled: true }] },
    });
    production.hasResource("AWS::KMS::Key", { DeletionPolicy: "Retain" });
    template.hasResource("AWS::DynamoDB::GlobalTable", { DeletionPolicy: "Delete" });
  });
});
