import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { createAwsProxy } from "./aws-proxy/aws-proxy.ts";
import { createCallLog } from "./aws-proxy/call-log.ts";
import { createCallers } from "./aws-proxy/callers.ts";
import { checkAlarmTopics } from "./iam/alarm-topics.ts";
import { createAuthorizer } from "./iam/authorizer.ts";
import { readEncryptionKeys } from "./iam/encryption-keys.ts";
import { createResourcePolicies } from "./iam/resource-policies.ts";
import { readRoles } from "./iam/roles.ts";
import { moduleFileOf, readFunctions } from "./lambda/function-definition.ts";
import { createLambdaFunction, type LambdaFunction } from "./lambda/lambda-function.ts";
import type { LocalStackOptions } from "./local-stack-options.ts";
import type { LocalStack } from "./local-stack-type.ts";
import { createLogBuffer } from "./log-buffer.ts";
import { listen } from "./protocol/http-server.ts";
import { createAwsServices } from "./services/aws-services.ts";
import { createResources, startEmulators } from "./services/data-stores.ts";
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
  const { port, dataDir, dynamodb, tickSeconds, whenIdle, secretValues = {}, hooks = {} } = options;
  const limits = { concurrency: options.concurrency ?? 4, keepIdleMs: options.keepIdleMs ?? 60_000 };
  const emulators = running.use(startEmulators({ dataDir, dynamodb }));
  const assembly = loadAssembly(await options.assemblyDir);

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
  const stores = await emulators.of(place.region);
  await createResources({ tables, queues, topics, dataDir }, stores, running);
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
  const parts = { stack, functions, queues, roles, callers, traces, tickSeconds, whenIdle, onRefused, onLoop };
  const triggers = startTriggers(parts, running);
  handleHttp = triggers.handleHttp ?? unavailable;

  function functionOf(idOrName: string): LambdaFunction {
    const fn = findResource(functions, idOrName);
    if (fn !== undefined) return fn;
    throw new Error(`no function ${idOrName}; there are ${functions.map(({ name }) => name).join(", ")}`);
  }

  return {
    outputs: stack.outputs,
    awsEndpoint: frontDoor.url,
    calls: log.calls,
    usage: log.usage,
    clearCalls: log.clear,
    violations: log.violations,
    roles: [...roles.values()],
    logs: logs.lines,
    functions: definitions,
    invoke: async (functionIdOrName, event) => functionOf(functionIdOrName).invoke(event),
    replaceCode(functionIdOrName, taskRoot) {
      const fn = functionOf(functionIdOrName);
      fn.replaceCode({ taskRoot, moduleFile: moduleFileOf(fn, taskRoot) });
    },
    tick: triggers.tick,
    stop: () => running.disposeAsync(),
  };
}

function unavailable(_: IncomingMessage, response: ServerResponse): void {
  response.writeHead(503).end();
}
