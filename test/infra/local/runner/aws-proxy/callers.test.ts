import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";
import { createAwsProxy } from "../../../../../infra/local/runner/aws-proxy/aws-proxy.ts";
import { createCallLog } from "../../../../../infra/local/runner/aws-proxy/call-log.ts";
import { createCallers } from "../../../../../infra/local/runner/aws-proxy/callers.ts";

const unreached = () => {
  throw new Error("must not be reached");
};

test("a call in flight when its caller ends gets no answer, and is no violation", async () => {
  const callers = createCallers();
  const log = createCallLog();
  const parts = {
    ...{ callers, recorder: log, chooseFault: () => undefined },
    ...{ authorizer: { authorize: unreached }, serve: unreached },
  };
  const server = createServer(createAwsProxy(parts)).listen(0, "127.0.0.1");
  const { port } = await new Promise<AddressInfo>((resolve) => {
    server.once("listening", () => resolve(server.address() as AddressInfo));
  });
  const accessKeyId = callers.issueKey({ kind: "event source", isFunction: () => false });
  callers.revokeKey(accessKeyId);
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260314/us-east-1/sqs/aws4_request`;
  await expect(fetch(`http://127.0.0.1:${port}`, { method: "POST", headers: { authorization } })).rejects.toThrow();
  expect(log.violations).toEqual([]);
  server.close();
});
