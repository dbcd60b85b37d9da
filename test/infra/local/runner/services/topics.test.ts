import { expect, test } from "@jest/globals";
import { type AwsRequest, snsTarget } from "../../../../../infra/local/runner/protocol/aws-request.ts";
import { bodyForQueues, responseForSns } from "../../../../../infra/local/runner/services/topics.ts";

function publish(input: Record<string, string>): AwsRequest {
  const body = Buffer.from(new URLSearchParams({ Action: "Publish", ...input }).toString());
  return { service: "sns", action: "Publish", target: `${snsTarget}Publish`, input, body };
}
const sentTo = (request: AwsRequest) => Object.fromEntries(new URLSearchParams(bodyForQueues(request).toString()));

test("a queue gets its own message of a structured one, or else the default", () => {
  const structured = (messages: object) => publish({ Message: JSON.stringify(messages), MessageStructure: "json" });
  expect(sentTo(structured({ default: "{}", email: "text" }))).toEqual({ Action: "Publish", Message: "{}" });
  expect(sentTo(structured({ default: "{}", sqs: "for queues" }))).toMatchObject({ Message: "for queues" });
  expect(sentTo(publish({ Message: '{"default":"as it is"}' }))).toMatchObject({ Message: '{"default":"as it is"}' });
  expect(responseForSns(structured({ default: "{}" }))).toBeUndefined();
});

test.each([
  [{ Message: "text", MessageStructure: "json" }],
  [{ Message: '{"email":"text"}', MessageStructure: "json" }],
  [{ Message: "m", Subject: "x".repeat(100) }],
  [{ Message: "m", Subject: "two\nlines" }],
  [{ Message: "m", Subject: "für" }],
])("%j is refused, as SNS documents it", (input) => {
  expect(responseForSns(publish(input))).toMatchObject({ status: 400 });
});
