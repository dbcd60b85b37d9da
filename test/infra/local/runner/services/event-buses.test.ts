import { expect, test } from "@jest/globals";
import type { AwsRequest } from "../../../../../infra/local/runner/protocol/aws-request.ts";
import { createEventBuses } from "../../../../../infra/local/runner/services/event-buses.ts";
import type { StackResources } from "../../../../../infra/local/runner/template/stack-resources.ts";

const bus = "arn:aws:events:us-east-1:000000000000:event-bus/audits";
const place = { partition: "aws", region: "us-east-1", account: "000000000000", awsEndpoint: "http://aws", apiUrl: "" };
const stack = { place, ofType: () => [{ arn: bus }] } as unknown as StackResources;

/** A stack with one bus, whose rule sends events of `bank-a` to a queue. */
async function busWithRule() {
  const messages: { QueueUrl: string; MessageBody: string }[] = [];
  const send = async (_: string, body: string) => {
    messages.push(JSON.parse(body));
    return { status: 200, headers: {}, body: Buffer.from("{}") };
  };
  const answer = createEventBuses(stack, { send, stop: async () => undefined } as never, { set: () => undefined });
  const call = async (action: string, input: object) => {
    const { status, body } = await answer({ service: "events", action, input } as unknown as AwsRequest);
    return { status, answer: JSON.parse(body.toString("utf8")) };
  };
  const pattern = JSON.stringify({ source: ["tracker"], detail: { issuer: ["bank-a"] } });
  await call("PutRule", { Name: "rule", EventBusName: bus, EventPattern: pattern });
  const Targets = [{ Id: "1", Arn: "arn:aws:sqs:us-east-1:000000000000:events" }];
  await call("PutTargets", { Rule: "rule", EventBusName: bus, Targets });
  const put = (entry: object) =>
    call("PutEvents", { Entries: [{ EventBusName: bus, Source: "tracker", DetailType: "t", Detail: "{}", ...entry }] });
  return { call, put, messages };
}

test("an event goes to the queues of the rules that match it, in EventBridge's envelope", async () => {
  const { put, messages } = await busWithRule();
  const { answer } = await put({ Detail: '{"issuer":"bank-a"}', Time: 1_767_225_600 });
  expect(answer).toEqual({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
  await put({ Detail: '{"issuer":"bank-b"}' });
  await put({ Detail: '{"issuer":"bank-a"}', Source: "other" });
  expect(messages.map(({ QueueUrl }) => QueueUrl)).toEqual(["http://aws/000000000000/events"]);
  expect(JSON.parse(messages[0]?.MessageBody ?? "")).toMatchObject({
    ...{ version: "0", source: "tracker", "detail-type": "t", time: "2026-01-01T00:00:00Z" },
    detail: { issuer: "bank-a" },
  });
});

test.each([
  ["MalformedDetail", { Detail: "no JSON" }],
  ["MalformedDetail", { Detail: "[]" }],
  ["InvalidArgument", { Source: "" }],
])("%s fails an entry within a 200", async (code, entry) => {
  const { put } = await busWithRule();
  expect(await put(entry)).toMatchObject({
    status: 200,
    answer: { FailedEntryCount: 1, Entries: [{ ErrorCode: code }] },
  });
});

test("more than 1 MB fail the whole call", async () => {
  const { put } = await busWithRule();
  const Detail = JSON.stringify({ text: "x".repeat(1024 * 1024) });
  expect(await put({ Detail })).toMatchObject({ status: 400, answer: { __type: "ValidationException" } });
});

test("a bus that does not exist accepts events and drops them", async () => {
  const { put, messages } = await busWithRule();
  const { answer } = await put({ EventBusName: `${bus}-deleted`, Detail: '{"issuer":"bank-a"}' });
  expect(answer.FailedEntryCount).toBe(0);
  expect(messages).toEqual([]);
});

test.each([
  ["PutRule", { Name: "r", EventBusName: bus, EventPattern: '{"source":[{"prefix":"t"}]}' }],
  ["PutTargets", { Rule: "rule", EventBusName: bus, Targets: [{ Id: "1", Arn: "arn:aws:lambda:x" }] }],
  ["DeleteRule", {}],
])("%s that is not modelled is refused", async (action, input) => {
  const { call } = await busWithRule();
  const { status, answer } = await call(action, input);
  expect(status).toBe(400);
  expect(answer.message).toContain("not modelled");
});
