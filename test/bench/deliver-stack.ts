import { fork } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { request } from "undici";
import { dynamoSubscriptions } from "../../functions/adapters/dynamo-subscriptions.ts";
import { openTable } from "../../functions/adapters/dynamo-table.ts";
import { createCallers } from "../../infra/local/aws/callers.ts";
import { readRoles } from "../../infra/local/aws/iam-roles.ts";
import { createLambdaFunction, type LambdaFunction } from "../../infra/local/lambda/lambda.ts";
import { readFunctions } from "../../infra/local/lambda/lambda-definition.ts";
import { operatorCredentials } from "../../infra/local/operator-credentials.ts";
import { findResource } from "../../infra/local/stack/find-resource.ts";
import { resolveStack } from "../../infra/local/stack/stack-resources.ts";
import { loadAssembly } from "../../infra/local/stack/template.ts";
import { synthesize } from "../../infra/local/synthesize.ts";
import { aSubscription } from "../support/sample-audits.ts";

/** The bundled `deliver-webhooks`, with a stand-in for its table and one subscription in it. */
export interface DeliverStack {
  deliverWebhooks: LambdaFunction;
  subscription: ReturnType<typeof aSubscription>;
  /** What has been written since the last call. */
  takeWritten(): Promise<{ requests: number; items: number }>;
}

/** Runs the function in so many execution environments, for as long as `work` lasts. */
export async function withDeliverStack<Result>(
  { webhookUrl, environments }: { webhookUrl: string; environments: number },
  work: (stack: DeliverStack) => Promise<Result>,
): Promise<Result> {
  const running = new AsyncDisposableStack();
  try {
    return await work(await start({ webhookUrl, environments }, running));
  } finally {
    await running.disposeAsync();
  }
}

async function start(
  { webhookUrl, environments }: { webhookUrl: string; environments: number },
  running: AsyncDisposableStack,
): Promise<DeliverStack> {
  const server = fork(join(import.meta.dirname, "table-server.ts"));
  running.defer(() => server.disconnect());
  const [port] = (await once(server, "message")) as [number];
  const endpoint = `http://127.0.0.1:${port}`;

  const assemblyDir = await synthesize({
    kardApiUrl: "http://kard.invalid",
    kardTokenUrl: "http://kard.invalid/token",
  });
  running.defer(() => rmSync(assemblyDir, { recursive: true, force: true }));
  const assembly = loadAssembly(assemblyDir);
  const { region } = assembly;
  const stack = resolveStack(assembly, {
    ...{ partition: "aws", region, account: "000000000000" },
    ...{ frontDoorUrl: endpoint, apiUrl: "http://api.invalid" },
  });
  const definition = findResource(readFunctions(stack, assembly.assetDirs, readRoles(stack)), "DeliverWebhooks");
  if (definition === undefined) throw new Error("the template has no function DeliverWebhooks");
  const deliverWebhooks = createLambdaFunction(definition, environments, {
    ...{ region, endpointUrl: endpoint, callers: createCallers() },
    isFunction: () => false,
    onLog: () => undefined,
  });
  running.defer(() => deliverWebhooks.stop());

  const subscription = aSubscription({ webhookUrl });
  const client = new DynamoDBClient({ endpoint, ...operatorCredentials });
  await dynamoSubscriptions(openTable(definition.variables.TABLE_NAME ?? "", client)).create(subscription);
  client.destroy();

  return {
    ...{ deliverWebhooks, subscription },
    async takeWritten() {
      const { body } = await request(endpoint);
      return (await body.json()) as { requests: number; items: number };
    },
  };
}
