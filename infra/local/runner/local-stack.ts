import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { createAuthorizer } from "./aws-proxy/authorizer.ts";
import type { AwsCall, Violation } from "./aws-proxy/aws-call.ts";
import { createAwsProxy } from "./aws-proxy/aws-proxy.ts";
import { createCallLog, type Usage } from "./aws-proxy/call-log.ts";
import { createCallers } from "./aws-proxy/callers.ts";
import { checkAlarmTopics } from "./iam/alarm-topics.ts";
import { readEncryptionKeys } from "./iam/encryption-keys.ts";
import { createResourcePolicies } from "./iam/resource-policies.ts";
import { type Role, readRoles } from "./iam/roles.ts";
import type { LogLine } from "./lambda/execution-environment.ts";
import { readFunctions } from "./lambda/function-definition.ts";
import { createLambdaFunction, type InvocationOutcome } from "./lambda/lambda-function.ts";
import type { LocalStackOptions } from "./local-stack-options.ts";
import { createLogBuffer } from "./log-buffer.ts";
import { listen } from "./protocol/http-server.ts";
import { createAwsServices } from "./services/aws-services.ts";
import { openDataStores } from "./services/data-stores.ts";
import { createEventBuses } from "./services/event-buses.ts";
import { createForeignQueues } from "./services/foreign-queues.ts";
import { createKeyPolicies } from "./services/key-policies.ts";
import { createMessageTraces } from "./services/message-traces.ts";
import { readQueues } from "./services/queues.ts";
import { openSecrets } from "./services/secrets.ts";
import { partitionKeyOf, readExistingTables, readTables } from "./services/tables.ts";
import { readTopics } from "./services/topics.ts";
import { loadAssembly } from "./template/assembly.ts";
import { findResource } from "./template/find-resource.ts";
import { resolveStack } from "./template/stack-resources.ts";
import { startTriggers } from "./triggers/triggers.ts";

/** A stack that runs on this machine. */
export interface LocalStack {
  /** The template's outputs, with the local API URL. */
  readonly outputs: Readonly<Record<string, string>>;
  /**
   * Endpoint for DynamoDB, SQS, SNS, EventBridge and Secrets Manager clients. The access key id `local` has every
   * permission. The id of another account is its operator, who can create queues and event buses there.
   */
  readonly awsEndpoint: string;
  /** The latest 10,000 AWS calls, oldest first. */
  readonly calls: readonly AwsCall[];
  /** Totals of all AWS calls since the start or the last `clearCalls`. */
  usage(): Usage[];
  clearCalls(): void;
  readonly violations: readonly Violation[];
  readonly roles: readonly Role[];
  /** The latest 10,000 log lines of the functions, oldest first. */
  readonly logs: readonly LogLine[];
  /**
   * Invokes a function by logical id (with or without the CDK's hash) or name.
   * @throws Error if there is no such function.
   */
  invoke(functionIdOrName: string, event: unknown): Promise<InvocationOutcome>;
  /** Fires all schedules now and waits for their invocations. */
  tick(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Runs a synthesized template on this machine. The template alone says which resources exist and how they are
 * connected.
 * @throws StartUpError, in one line, if the stack cannot start.
 */
export async function startLocalStack(options: LocalStackOptions): Promise<LocalStack> {
  const running = new AsyncDisposableStack();
  try {
    return await start(options, running);
  } catch (error) {
    await running.disposeAsync();
    throw error;
  }
}

async function start(options: LocalStackOptions, running: AsyncDisposableStack): Promise<LocalStack> {
  const { assemblyDir, port, dataDir, tickSeconds, secretValues = {}, hooks = {} } = options;
  const limits = { concurrency: options.concurrency ?? 4, keepIdleMs: options.keepIdleMs ?? 60_000 };
  const assembly = loadAssembly(assemblyDir);

  let handleAws = unavailable;
  let handleHttp = unavailable;
  const frontDoor = await listen(0, (request, response) => handleAws(request, response));
  running.defer(() => frontDoor.stop());
  const httpServer = await listen(port, (request, response) => handleHttp(request, response));
  running.defer(() => httpServer.stop());

  const stack = resolveStack(assembly, {
    partition: "aws",
    region: assembly.region,
    account: "000000000000",
    awsEndpoint: frontDoor.url,
    apiUrl: httpServer.url,
  });
  const { place } = stack;
  checkAlarmTopics(stack);
  const roles = readRoles(stack);
  const tables = readTables(stack);
  const queues = readQueues(stack);
  const topics = readTopics(stack);
  const keys = readEncryptionKeys(stack);
  const definitions = readFunctions(stack, assembly.assetDirs, roles);
  const stores = await openDataStores(
    { tables, queues, topics, dataDir, region: place.region, dynamodb: options.dynamodb },
    running,
  );
  const secrets = openSecrets(stack, secretValues, dataDir === undefined ? undefined : join(dataDir, "secrets.json"));

  const callers = createCallers();
  const log = createCallLog();
  const traces = createMessageTraces();
  const policies = createResourcePolicies(place);
  const serve = createAwsServices({
    ...{ place, queues, stores, secrets, traces, foreignQueues: createForeignQueues(place, policies) },
    respondForEvents: createEventBuses(stack, stores.sqs, policies),
    respondForKeys: createKeyPolicies(place, policies),
    meterCapacity: hooks.meterCapacity?.(tables, stores.dynamodb),
  });
  const arnOfTable = (name: string) => `arn:${place.partition}:dynamodb:${place.region}:${place.account}:table/${name}`;
  const existingTables = await readExistingTables(tables, stores.dynamodb, arnOfTable);
  const partitionKey = (tableArn: string) => partitionKeyOf([...tables, ...existingTables], tableArn);
  const arns = { secret: secrets.arnOf, partitionKey };
  const authorizer = createAuthorizer(place, keys, arns, policies, hooks.onAllowed ?? (() => {}));
  handleAws = createAwsProxy({
    callers,
    authorizer,
    chooseFault: hooks.chooseFault ?? (() => undefined),
    recorder: log,
    serve,
  });

  const logs = createLogBuffer(options.onLog);
  const functions = definitions.map((definition) =>
    createLambdaFunction(definition, limits, {
      ...{
        region: place.region,
        endpointUrl: frontDoor.url,
        callers,
        onLog: logs.write,
        measureHeap: hooks.measureHeap,
        onInvocation: hooks.onInvocation,
      },
      isFunction: ({ id }, idOrName) => findResource(definitions, idOrName)?.id === id,
    }),
  );
  running.defer(async () => void (await Promise.all(functions.map((fn) => fn.stop()))));
  const onRefused = (functionName: string, message: string) =>
    log.violate({ kind: "access denied", functionName, message });
  for (const { name, role, logGroup, mayWriteLogs } of definitions) {
    if (!mayWriteLogs) onRefused(name, `the role ${role.name} may not write to the log group ${logGroup}`);
  }

  const onLoop = (functionName: string, message: string) =>
    log.violate({ kind: "recursive loop", functionName, message });
  const parts = { stack, functions, queues, roles, callers, traces, tickSeconds, onRefused, onLoop };
  const triggers = startTriggers(parts, running);
  handleHttp = triggers.handleHttp ?? unavailable;

  return {
    outputs: stack.outputs,
    awsEndpoint: frontDoor.url,
    calls: log.calls,
    usage: log.usage,
    clearCalls: log.clear,
    violations: log.violations,
    roles: [...roles.values()],
    logs: logs.lines,
    async invoke(functionIdOrName, event) {
      const fn = findResource(functions, functionIdOrName);
      if (fn !== undefined) return fn.invoke(event);
      throw new Error(`no function ${functionIdOrName}; there are ${functions.map(({ name }) => name).join(", ")}`);
    },
    tick: triggers.tick,
    stop: () => running.disposeAsync(),
  };
}

function unavailable(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503).end();
}
