import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "@jest/globals";
import { createCallLedger } from "../../../infra/local/aws/call-ledger.ts";
import { createCallers } from "../../../infra/local/aws/callers.ts";
import { createFaults } from "../../../infra/local/aws/faults.ts";
import { createFrontDoor } from "../../../infra/local/aws/front-door.ts";

const unreached = () => {
  throw new Error("nobody was to come this far");
};

test("a call that was on its way when its caller ended gets no answer, and is nobody's fault", async () => {
  const callers = createCallers();
  const ledger = createCallLedger();
  const parts = { callers, ledger, faults: createFaults(), authorizer: { authorize: unreached }, serve: unreached };
  const server = createServer(createFrontDoor(parts)).listen(0, "127.0.0.1");
  const { port } = await new Promise<AddressInfo>((resolve) => {
    server.once("listening", () => resolve(server.address() as AddressInfo));
  });
  const accessKeyId = callers.admit({ kind: "event source", isFunction: () => false });
  callers.dismiss(accessKeyId);
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260314/us-east-1/sqs/aws4_request`;
  await expect(fetch(`http://127.0.0.1:${port}`, { method: "POST", headers: { authorization } })).rejects.toThrow();
  expect(ledger.violations).toEqual([]);
  server.close();
});
