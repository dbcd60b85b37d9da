import { once } from "node:events";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { afterAll, expect, jest, test } from "@jest/globals";
import dynalite from "dynalite";
import { callAws, signedHeaders } from "../../../../../infra/local/runner/protocol/aws-client.ts";
import { closeIterators } from "../../../../../infra/local/runner/services/close-iterators.ts";
import { until } from "../support/running-stack.ts";

const ofLevel = createRequire(createRequire(createRequire(import.meta.url).resolve("dynalite")).resolve("level"));
const { AbstractLevel } = ofLevel("abstract-level") as {
  AbstractLevel: { prototype: Record<"attachResource" | "detachResource", (resource: unknown) => void> };
};

const server = dynalite({ createTableMs: 0 }).listen(0, "127.0.0.1");
afterAll(() => {
  jest.restoreAllMocks();
  server.close();
  server.closeAllConnections();
});

test("queries leave no iterator open, whether they read all rows or stop at a limit", async () => {
  closeIterators();
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const call = (action: string, input: object) =>
    callAws(
      async (target, body) => {
        const headers = signedHeaders(target, "local", "us-east-1");
        const response = await fetch(url, { method: "POST", headers, body });
        return { status: response.status, headers: {}, body: Buffer.from(await response.arrayBuffer()) };
      },
      `DynamoDB_20120810.${action}`,
      { TableName: "Audits", ...input },
    );
  await call("CreateTable", {
    AttributeDefinitions: ["pk", "sk"].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    KeySchema: ["pk", "sk"].map((AttributeName, i) => ({ AttributeName, KeyType: i === 0 ? "HASH" : "RANGE" })),
    BillingMode: "PAY_PER_REQUEST",
  });
  await until("the table is active", async () =>
    JSON.stringify(await call("DescribeTable", {})).includes('"TableStatus":"ACTIVE"'),
  );
  for (const n of ["1", "2", "3"]) await call("PutItem", { Item: { pk: { S: "a" }, sk: { S: n } } });

  const attached = jest.spyOn(AbstractLevel.prototype, "attachResource");
  const detached = jest.spyOn(AbstractLevel.prototype, "detachResource");
  const query = { KeyConditionExpression: "pk = :pk", ExpressionAttributeValues: { ":pk": { S: "a" } } };
  for (const limit of [{}, { Limit: 1 }, { Limit: 3 }]) await call("Query", { ...query, ...limit });
  await call("Scan", { Limit: 2 });
  expect(attached.mock.calls.length).toBeGreaterThanOrEqual(4);
  await until("all are closed", () => detached.mock.calls.length === attached.mock.calls.length);
});
