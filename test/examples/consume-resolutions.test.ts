import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, expect, test } from "@jest/globals";
import { ownerQueue } from "../../functions/adapters/owner-targets/owner-queue.ts";
import { changeAudit } from "../../functions/core/audits/change-audit.ts";
import { ownerEventOf } from "../../functions/core/publishing/send-to-owner.ts";
import { operatorCredentials } from "../../infra/local/runner/operator-credentials.ts";
import { noon } from "../support/fake-clock.ts";
import { openAudit } from "../support/sample-audits.ts";
import { runExample } from "./example-program.ts";

const worker = new Worker(new URL("../../infra/local/runner/services/fauxqs-worker.ts", import.meta.url), {
  workerData: { dataDir: undefined, region: operatorCredentials.region },
  execArgv: [],
});
afterAll(() => worker.terminate());

test("the consumer takes what is published, once, and deletes it from the queue", async () => {
  const [{ port }] = (await once(worker, "message")) as [{ port: number }];
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new SQSClient({ ...operatorCredentials, endpoint, useQueueUrlAsEndpoint: false });
  const { QueueUrl: queueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName: "resolutions" }));

  const resolution = { resolutionCode: 5004, resolutionDescription: null, resolutionTimeStamp: null };
  const audit = changeAudit(openAudit(), "close", { resolution }, noon);
  const event = audit?.events.e1;
  if (audit === undefined || event === undefined) throw new Error("it was not closed");
  await ownerQueue(client, queueUrl).send(ownerEventOf(audit, event));
  await ownerQueue(client, queueUrl).send(ownerEventOf(audit, event));

  const program = runExample([process.execPath, "examples/consume-resolutions.ts"], {
    AWS_REGION: operatorCredentials.region,
    AWS_ACCESS_KEY_ID: operatorCredentials.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operatorCredentials.credentials.secretAccessKey,
    AWS_ENDPOINT_URL_SQS: endpoint,
    RESOLUTIONS_QUEUE_URL: queueUrl,
  });
  await program.printed(new RegExp(`${event.id} audit\\.closed org transaction-1 5004`));
  await program.printed(new RegExp(`${event.id} once more`));

  const left = async () => {
    const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    const { Attributes: attributes = {} } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] }),
    );
    return names.reduce((sum, name) => sum + Number(attributes[name]), 0);
  };
  const deadline = Date.now() + 10_000;
  while ((await left()) > 0 && Date.now() < deadline);
  expect(await left()).toBe(0);
  client.destroy();
});
