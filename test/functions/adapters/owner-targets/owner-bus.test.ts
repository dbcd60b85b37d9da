import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { afterAll, expect, test } from "@jest/globals";
import { awsHttp } from "../../../../functions/adapters/aws/http-handler.ts";
import { ownerBus } from "../../../../functions/adapters/owner-targets/owner-bus.ts";
import { noon } from "../../../support/fake-clock.ts";
import { answeringServer } from "./answering-server.ts";
import { closingOf } from "./closing.ts";

const server = await answeringServer();
afterAll(() => server.stop());
const busArn = "arn:aws:events:eu-west-1:111122223333:event-bus/audits";
const client = new EventBridgeClient({
  region: "eu-west-1",
  endpoint: server.url,
  credentials: { accessKeyId: "a", secretAccessKey: "s" },
  maxAttempts: 1,
  requestHandler: awsHttp(),
});
const closing = closingOf(5004);

function send() {
  const refused: string[] = [];
  const bus = ownerBus(client, busArn, (code) => void refused.push(code));
  return bus.send(closing).then((result) => ({ result, refused }));
}

test("an entry names its bus, has the event's exact bytes as its detail and its name as the detail type", async () => {
  server.answer(200, { FailedEntryCount: 0, Entries: [{ EventId: "1" }] });
  expect(await send()).toEqual({ result: {}, refused: [] });
  expect(JSON.parse(server.requests.at(-1)?.body ?? "")).toEqual({
    Entries: [
      {
        EventBusName: busArn,
        Source: "kard-audit-tracker",
        DetailType: "audit.closed",
        Detail: closing.event.body,
        Time: noon / 1_000,
      },
    ],
  });
});

test.each(["MalformedDetail", "InvalidArgument"])("%s in a 200 is a permanent refusal", async (ErrorCode) => {
  server.answer(200, { FailedEntryCount: 1, Entries: [{ ErrorCode, ErrorMessage: "no" }] });
  expect(await send()).toEqual({ result: { refused: ErrorCode }, refused: [ErrorCode] });
});

test("a request that does not fit is a permanent refusal", async () => {
  server.answer(400, { __type: "ValidationException", message: "Total size of the entries is over the limit." });
  expect(await send()).toEqual({ result: { refused: "ValidationException" }, refused: ["ValidationException"] });
});

test.each(["ThrottlingException", "InternalFailure", "AccessDeniedException", "NotAuthorizedForSourceException"])(
  "%s in a 200 is tried again later",
  async (ErrorCode) => {
    server.answer(200, { FailedEntryCount: 1, Entries: [{ ErrorCode, ErrorMessage: "no" }] });
    await expect(send()).rejects.toMatchObject({ name: ErrorCode });
  },
);

test.each([
  [400, "AccessDeniedException"],
  [400, "ResourceNotFoundException"],
  [500, "InternalException"],
])("a %s with %s is tried again later", async (status, type) => {
  server.answer(status, { __type: type, message: "no" });
  await expect(send()).rejects.toMatchObject({ name: type });
});
