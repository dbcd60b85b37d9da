import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { SQSClient } from "@aws-sdk/client-sqs";
import { awsHttp } from "../../../functions/adapters/aws/http-handler.ts";
import { sendToBuses } from "../../../functions/adapters/issuer-targets/bus-target.ts";
import { eventSender } from "../../../functions/adapters/issuer-targets/event-sender.ts";
import { sendToQueues } from "../../../functions/adapters/issuer-targets/queue-target.ts";
import { webhookSender } from "../../../functions/adapters/webhooks/sender.ts";
import { type Answer, describeEventSenderContract, type OpenEndpoint } from "./event-sender.ts";

/** A response of each kind of endpoint. */
type Responses = (how: Exclude<Answer, "break off">, body: string) => { status: number; content: object };

/** An endpoint on this machine that answers like a webhook's receiver, SQS or EventBridge. */
async function openEndpoint(
  address: (origin: string) => string,
  responseTo: Responses,
  bodyOf: (request: string) => string,
): Promise<OpenEndpoint> {
  let how: Answer = "accept";
  const received: string[] = [];
  const server = createServer(async (request, response) => {
    const body = bodyOf(await text(request));
    received.push(body);
    if (how === "break off") return void response.destroy();
    const { status, content } = responseTo(how, body);
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(content));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const aws = {
    ...{ region: "eu-west-1", endpoint: url, maxAttempts: 1, requestHandler: awsHttp() },
    credentials: { accessKeyId: "a", secretAccessKey: "s" },
  };
  const sender = eventSender({
    webhooks: webhookSender({ reach: "public-and-loopback", ports: [443] }, Date.now),
    targets: {
      sqs: sendToQueues(new SQSClient({ ...aws, useQueueUrlAsEndpoint: false }), Date.now),
      eventbridge: sendToBuses(new EventBridgeClient(aws), Date.now),
    },
    allowed: {
      ...{ partition: "aws", region: "eu-west-1", account: "999999999999" },
      accountsOf: { org: ["111122223333"] },
    },
    clock: Date.now,
  });
  return {
    ...{ sender, address: address(url) },
    answer: (next) => {
      how = next;
    },
    received: () => received,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

const statuses = { accept: 200, deny: 403, throttle: 429, fail: 500 };
describeEventSenderContract("webhook", () =>
  openEndpoint(
    (origin) => `${origin}/`,
    (how) => ({ status: statuses[how], content: {} }),
    (request) => request,
  ),
);

describeEventSenderContract("SQS queue", () =>
  openEndpoint(
    () => "arn:aws:sqs:eu-west-1:111122223333:audits",
    (how, body) => {
      const accepted = { MessageId: "1", MD5OfMessageBody: createHash("md5").update(body).digest("hex") };
      const errors = { deny: "AccessDeniedException", throttle: "RequestThrottled", fail: "InternalError" };
      if (how === "accept") return { status: 200, content: accepted };
      return { status: how === "fail" ? 500 : 400, content: { __type: errors[how] } };
    },
    (request) => JSON.parse(request).MessageBody,
  ),
);

describeEventSenderContract("EventBridge bus", () =>
  openEndpoint(
    () => "arn:aws:events:eu-west-1:111122223333:event-bus/audits",
    (how) => {
      const errors = { deny: "AccessDeniedException", throttle: "ThrottlingException" };
      if (how === "fail") return { status: 500, content: { __type: "InternalException" } };
      const entry = how === "accept" ? { EventId: "1" } : { ErrorCode: errors[how] };
      return { status: 200, content: { FailedEntryCount: how === "accept" ? 0 : 1, Entries: [entry] } };
    },
    (request) => JSON.parse(request).Entries[0].Detail,
  ),
);
