import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { afterAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { operatorCredentials } from "../../infra/local/runner/operator-credentials.ts";
import { auditId, startDeployedTracker, subscriptionId } from "./deployed-tracker.ts";

const { region, credentials } = operatorCredentials;
const tracker = await startDeployedTracker();
const worker = new Worker(new URL("../../infra/local/runner/services/fauxqs-worker.ts", import.meta.url), {
  workerData: { dataDir: undefined, region },
  execArgv: [],
});
const [{ port }] = (await once(worker, "message")) as [{ port: number }];
const client = new SQSClient({ region, credentials, endpoint: `http://127.0.0.1:${port}` });
const { QueueUrl = "" } = await client.send(new CreateQueueCommand({ QueueName: "resolutions" }));
// A deployed queue is at its URL; the local one has another host.
const queueUrl = `http://127.0.0.1:${port}${new URL(QueueUrl).pathname}`;

const folder = mkdtempSync(join(tmpdir(), "smoke-"));
const stack = { ApiUrl: tracker.url, ResolutionsQueueUrl: queueUrl, KardUrl: "https://api.kard.example" };
writeFileSync(join(folder, "outputs.json"), JSON.stringify({ "KardAuditTracker-prod": stack }));
afterAll(async () => {
  tracker.stop();
  client.destroy();
  await worker.terminate();
  rmSync(folder, { recursive: true });
});

const stepShape = z.object({ step: z.string(), milliseconds: z.number(), failure: z.string().optional() });

/** Ends the running test with SIGINT. */
let interrupt = () => {};

/** Runs `kard-audits smoke` against the deployed stack. */
function smoke(...options: string[]) {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const main = join(import.meta.dirname, "../../cli/main.ts");
  const args = ["--disable-warning=ExperimentalWarning", main, "smoke", "--outputs", "outputs.json", "--json"];
  const settings = {
    KARD_AUDITS_KEY: "kat_x",
    KARD_AUDITS_ORGANIZATION: "bank",
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  };
  return new Promise<{ code: unknown; steps: z.output<typeof stepShape>[]; names: string[]; stderr: string }>(
    (done) => {
      const child = { cwd: folder, env: { ...env, ...settings } };
      const started = execFile(process.execPath, [...args, ...options], child, (error, stdout, stderr) => {
        const steps = z.array(stepShape).parse(stdout === "" ? [] : JSON.parse(stdout));
        done({ code: error?.code ?? 0, steps, names: steps.map(({ step }) => step), stderr });
      });
      interrupt = () => started.kill("SIGINT");
    },
  );
}

const atKard = ["answers", "accepts an audit", "submits it to Kard"];

test("without options a deployed stack is tested until Kard has the audit", async () => {
  tracker.begin({ statuses: ["NEW"] });
  expect(await smoke()).toMatchObject({ code: 0, names: atKard });
  expect(tracker.asked(/subscriptions|notifications/)).toEqual([]);
});

test("--read-only submits nothing", async () => {
  tracker.begin({ statuses: ["NEW"] });
  expect(await smoke("--read-only")).toMatchObject({ code: 0, names: ["answers", "lists audits", "lists webhooks"] });
  expect(tracker.asked(/POST/)).toEqual([]);
});

describe("--wait-minutes", () => {
  test("polls until Kard has closed it", async () => {
    tracker.begin({ statuses: ["NEW", "NEW", "CLOSED"] });
    const { code, names, steps } = await smoke("--wait-minutes", "0.5");
    expect({ code, names }).toEqual({ code: 0, names: [...atKard, "sees it closed"] });
    // It polls every ten seconds, to limit the load.
    expect(steps.at(-1)?.milliseconds).toBeGreaterThanOrEqual(10_000);
    expect(tracker.asked(/GET .*\/audits\//)).toHaveLength(3);
  });

  test("stops after that time with the exit code of a timeout", async () => {
    tracker.begin({ statuses: ["NEW"] });
    const { code, steps } = await smoke("--wait-minutes", "0.1");
    expect(code).toBe(4);
    expect(steps.at(-1)).toMatchObject({ step: "sees it closed", failure: "Kard did not close it in time" });
  });

  test("must be a number, and nothing is sent otherwise", async () => {
    tracker.begin({ statuses: ["NEW"] });
    expect(await smoke("--wait-minutes", "soon")).toMatchObject({
      code: 2,
      steps: [],
      stderr: expect.stringContaining("It must be a number of at least 0."),
    });
    expect(tracker.asked(/./)).toEqual([]);
  });
});

describe("--webhook-url", () => {
  const webhookUrl = "https://issuer.example/smoke";

  test("subscribes it for the duration of the test, and waits for the record of its delivery", async () => {
    tracker.begin({ statuses: ["NEW", "CLOSED"], deliveredAfter: 1 });
    expect(await smoke("--webhook-url", webhookUrl, "--wait-minutes", "1")).toMatchObject({
      code: 0,
      names: ["answers", "subscribes a webhook", ...atKard.slice(1), "sees it closed", "records the delivery"],
    });
    const [subscribed] = tracker.asked(/^POST .*\/subscriptions$/);
    expect(JSON.parse(subscribed?.body ?? "")).toMatchObject({ data: [{ attributes: { webhookUrl } }] });
    const looks = tracker.asked(/\/notifications/).map(({ call }) => new URL(call.split(" ")[1] ?? "", tracker.url));
    expect(looks).toHaveLength(2);
    for (const { searchParams } of looks)
      expect(Object.fromEntries(searchParams)).toMatchObject({
        "filter[subscriptionId]": subscriptionId,
        "filter[status]": "delivered",
      });
    expect(tracker.asked(/^DELETE/).map(({ call }) => call)).toEqual([
      `DELETE /v2/issuers/bank/subscriptions/${subscriptionId}`,
    ]);
  });

  test("its subscription is deleted when the test fails", async () => {
    tracker.begin({ statuses: ["NEW"] });
    expect(await smoke("--webhook-url", webhookUrl, "--wait-minutes", "0.1")).toMatchObject({ code: 4 });
    expect(tracker.asked(/^DELETE .*\/subscriptions\//)).toHaveLength(1);
  });
});

describe("its subscription", () => {
  const options = ["--webhook-url", "https://issuer.example/smoke", "--wait-minutes"];

  test("is deleted after an interruption, which needs no further poll", async () => {
    const onAsked = (call: string) =>
      /GET .*\/audits\//.test(call) && tracker.asked(/GET .*\/audits\//).length === 2 && interrupt();
    tracker.begin({ statuses: ["NEW"], onAsked });
    const { code, steps } = await smoke(...options, "30");
    expect(code).toBe(130);
    expect(steps.at(-1)).toMatchObject({ step: "sees it closed", failure: "interrupted" });
    expect(tracker.asked(/^DELETE .*\/subscriptions\//)).toHaveLength(1);
  });

  test("fails the test if it cannot be deleted, and the first failure decides the exit code", async () => {
    const step = `deletes webhook ${subscriptionId}`;
    tracker.begin({ statuses: ["NEW", "CLOSED"], keepsSubscriptions: true });
    const passed = await smoke(...options, "1");
    expect(passed).toMatchObject({ code: 1, names: expect.arrayContaining(["records the delivery", step]) });
    tracker.begin({ statuses: ["NEW"], keepsSubscriptions: true });
    const failed = await smoke(...options, "0.1");
    expect(failed).toMatchObject({ code: 4, names: expect.arrayContaining(["sees it closed", step]) });
  });
});

describe("--queue", () => {
  const resolutionOf = (id: string) => JSON.stringify({ type: "audit.closed", data: { id } });

  /** The number of messages, including invisible ones. */
  async function count(): Promise<number> {
    const names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
    const request = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: [...names] });
    const { Attributes: attributes = {} } = await client.send(request);
    return names.reduce((sum, name) => sum + Number(attributes[name]), 0);
  }

  test("receives the audit's own resolution, and leaves others on the queue", async () => {
    for (const id of ["another", auditId])
      await client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: resolutionOf(id) }));
    tracker.begin({ statuses: ["NEW", "CLOSED"] });
    expect((await smoke("--wait-minutes", "1")).names).toEqual([...atKard, "sees it closed"]);
    expect(await count()).toBe(2);

    tracker.begin({ statuses: ["NEW", "CLOSED"] });
    expect(await smoke("--wait-minutes", "1", "--queue")).toMatchObject({
      code: 0,
      names: [...atKard, "sees it closed", "sends it to the queue"],
    });
    expect(await count()).toBe(1);
    // The other message is invisible for two seconds at most.
    const next = new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 5 });
    expect((await client.send(next)).Messages).toMatchObject([{ Body: resolutionOf("another") }]);
  });
});
