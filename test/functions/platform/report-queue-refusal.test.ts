import { SQSClient } from "@aws-sdk/client-sqs";
import { expect, jest, test } from "@jest/globals";
import { sqsDeliveries, sqsResolutions } from "../../../functions/adapters/sqs/queues.ts";
import { changeAudit, eventsInOrder } from "../../../functions/core/audits/change-audit.ts";
import { logger } from "../../../functions/platform/logger.ts";
import { reportQueueRefusal } from "../../../functions/platform/report-queue-refusal.ts";
import { openAudit } from "../../support/sample-audits.ts";

test("a message that SQS refuses permanently is counted, and logged without its contents", async () => {
  const logged = jest.spyOn(logger, "error").mockImplementation(() => undefined);
  const counted: string[] = [];
  const onRefused = reportQueueRefusal((metric) => void counted.push(metric));
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

  expect(await sqsResolutions(client, "https://queue", onRefused).send({ audit, event: closed.event })).toEqual({
    refused: "InvalidMessageContents",
  });
  expect(counted).toEqual(["PublishRefused"]);
  expect(logged.mock.calls).toEqual([["SQS refused a message permanently", { code: "InvalidMessageContents" }]]);
  expect(await sqsDeliveries(client, "https://queue", onRefused).send([])).toEqual([]);
});
