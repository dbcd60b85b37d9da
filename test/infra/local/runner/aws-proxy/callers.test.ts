import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";
import { type AwsProxyParts, createAwsProxy } from "../../../../../infra/local/runner/aws-proxy/aws-proxy.ts";
import { createCallLog } from "../../../../../infra/local/runner/aws-proxy/call-log.ts";
import { createCallers } from "../../../../../infra/local/runner/aws-proxy/callers.ts";

const unreached = () => {
  throw new Error("must not be reached");
};

async function listening(parts: AwsProxyParts) {
  const server = createServer(createAwsProxy(parts)).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port };
}

function call(port: number, accessKeyId: string): Promise<Response> {
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260314/us-east-1/sqs/aws4_request`;
  const headers = { authorization, "x-amz-target": "AmazonSQS.SendMessage" };
  return fetch(`http://127.0.0.1:${port}`, { method: "POST", headers, body: "{}" });
}

test("a call in flight when its caller ends gets no response, and is no violation", async () => {
  const callers = createCallers();
  const log = createCallLog();
  const parts = {
    ...{ callers, recorder: log, chooseFault: () => undefined },
    ...{ authorizer: { authorize: unreached }, serve: unreached },
  };
  const { server, port } = await listening(parts);
  const accessKeyId = callers.issueKey({ kind: "event source", isFunction: () => false });
  callers.revokeKey(accessKeyId);
  await expect(call(port, accessKeyId)).rejects.toThrow();
  expect(log.violations).toEqual([]);
  server.close();
});

test.each([
  ["the stack ends it", true, []],
  ["its invocation ends", false, [expect.objectContaining({ kind: "no invocation open" })]],
])(
  "a function's open call when %s counts as not awaited only in the latter case",
  async (_, isTerminated, expected) => {
    const callers = createCallers();
    const log = createCallLog();
    let invocation: string | undefined = "request-1";
    const caller = {
      kind: "function",
      functionName: "f",
      isFunction: () => false,
      invocation: () => invocation,
    } as const;
    const accessKeyId = callers.issueKey(caller);
    const { server, port } = await listening({
      ...{ callers, recorder: log, chooseFault: () => undefined },
      authorizer: { authorize: () => ({ resource: "queue", denial: undefined }) },
      async serve() {
        if (isTerminated) callers.revokeKey(accessKeyId);
        invocation = undefined;
        return { response: { status: 200, headers: {}, body: Buffer.from("{}") }, readUnits: 0, writeUnits: 0 };
      },
    });
    await call(port, accessKeyId);
    expect(log.violations).toEqual(expected);
    server.close();
  },
);

test("of the callers that have ended, the latest 1,000 are known", () => {
  const callers = createCallers();
  const keys = Array.from({ length: 1_001 }, () => callers.issueKey({ kind: "function", isFunction: () => false }));
  for (const key of keys) callers.revokeKey(key);
  expect(callers.find(keys[0])).toBeUndefined();
  expect(callers.find(keys[1])).toBe("revoked");
});
