import { SQSClient } from "@aws-sdk/client-sqs";
import { expect, jest, test } from "@jest/globals";
import { ownerQueue } from "../../../functions/adapters/owner-targets/owner-queue.ts";
import { sqsDeliveries } from "../../../functions/adapters/sqs/queues.ts";
import { changeAudit, eventsInOrder } from "../../../functions/core/audits/change-audit.ts";
import { ownerEventOf } from "../../../functions/core/publishing/send-to-owner.ts";
import { logger } from "../../../functions/platform/logger.ts";
import { reportRefusal } from "../../../functions/platform/report-refusal.ts";
import { openAudit } from "../../support/sample-audits.ts";

test("a message that SQS refuses permanently is counted, and logged without its contents", async () => {
  const logged = jest.spyOn(logger, "error").mockImplementation(() => undefined);
  const counted: string[] = [];
  const onRefused = reportRefusal((metric) => void counted.push(metric));
  const client = new SQSClient({});
  const refusing = async () => ({
    Successful: [],
    Failed: [{ Id: "0", SenderFault: true, Code: "InvalidMessageContents", Message: "no" }],
  });
  client.send = refusing as typeof client.send;
  const resolution = { resolutionCode: 5004, resolutionDescription: null, resolutionTimeStamp: null };
  const audit = changeAudit(openAudit(), "close", { resolution }, 1);
  const [closed] = audit === undefined ? [] : eventsInOrder(audit);
  if (audit === undefined || closed === undefined) throw new Error("an open audit can be closed, with an event");

  expect(await ownerQueue(client, "https://queue", { onRefused }).send(ownerEventOf(audit, closed.event))).toEqual({
    refused: "InvalidMessageContents",
  });
  expect(counted).toEqual(["PublishRefused"]);
  expect(logged.mock.calls).toEqual([
    ["AWS refused an event permanently", { service: "SQS", code: "InvalidMessageContents" }],
  ]);
  expect(await sqsDeliveries(client, "https://queue", onRefused).send([])).toEqual([]);
});
