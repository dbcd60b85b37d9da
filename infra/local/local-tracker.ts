import { rmSync } from "node:fs";
import { readDynamoDbEmulator } from "./dynamodb-emulator.ts";
import { localApiKey } from "./local-api-key.ts";
import { type LocalKard, subscribeToPushes } from "./local-kard.ts";
import type { LogLine } from "./runner/lambda/execution-environment.ts";
import { startLocalStack } from "./runner/local-stack.ts";
import type { StackHooks } from "./runner/local-stack-options.ts";
import type { LocalStack } from "./runner/local-stack-type.ts";
import type { IdlePace } from "./runner/triggers/schedules.ts";
import { contextOf, synthesize } from "./synthesize.ts";

export interface LocalTrackerOptions {
  kard: LocalKard;
  organizationId: string;
  /** 0 for any free port. */
  port: number;
  /** `undefined` for memory only. */
  dataDir: string | undefined;
  tickSeconds: number;
  /** Slows the schedules down while nobody uses the stack. Default: they keep their pace. */
  whenIdle?: IdlePace;
  /** Additional context of the CDK app, as `-c key=value` sets it. */
  context?: Readonly<Record<string, string>>;
  /** Whether the sandbox pushes changes to the tracker. Default: true. */
  push?: boolean;
  onLog?: (line: LogLine) => void;
  /**
   * Gives the directory of a cloud assembly for a context; the caller deletes it. Default: synthesizes the CDK app.
   */
  synthesize?: typeof synthesize;
  /** Instruments of tests and benchmarks. */
  hooks?: StackHooks;
  /** Maximum execution environments of each function. */
  concurrency?: number;
  /** How long an execution environment without an invocation is kept, in milliseconds. */
  keepIdleMs?: number;
}

/** The stack's outputs, and values that exist only on this machine. */
export interface LocalOutputs {
  ApiUrl: string;
  ConsoleUrl: string;
  ResolutionsQueueUrl: string;
  DeliveriesQueueUrl: string;
  EventBusArn: string;
  EventTopicArn: string;
  TableName: string;
  OrganizationId: string;
  ApiKey: string;
  KardSecretArn: string;
  KardUrl: string;
  KardTokenUrl: string;
  KardTokenRequest: "form" | "json";
  SqsEndpoint: string;
  DynamoDbEndpoint: string;
}

export interface LocalTracker {
  outputs: LocalOutputs;
  stack: LocalStack;
  stop(): Promise<void>;
}

/**
 * Starts the product on this machine: synthesizes the CDK app, runs its template against a Kard, and creates an API
 * key.
 *
 * @throws StartUpError, in one line, if it cannot start
 */
export async function startLocalTracker(options: LocalTrackerOptions): Promise<LocalTracker> {
  const { kard, organizationId, dataDir } = options;
  const dynamodb = readDynamoDbEmulator(process.env.KAT_DYNAMODB);
  const assemble = options.synthesize ?? synthesize;
  const assemblyDir = assemble({ ...contextOf(kard), ...options.context });
  const discard = () => assemblyDir.then((directory) => rmSync(directory, { recursive: true, force: true }));
  try {
    const stack = await startLocalStack({
      assemblyDir,
      port: options.port,
      dataDir,
      dynamodb,
      tickSeconds: options.tickSeconds,
      whenIdle: options.whenIdle,
      secretValues: { KardSecret: JSON.stringify(kard.secret) },
      ...(options.hooks === undefined ? {} : { hooks: options.hooks }),
      ...(options.onLog === undefined ? {} : { onLog: options.onLog }),
      ...(options.keepIdleMs === undefined ? {} : { keepIdleMs: options.keepIdleMs }),
      ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    });
    const {
      ApiUrl = "",
      ConsoleUrl = "",
      ResolutionsQueueUrl = "",
      DeliveriesQueueUrl = "",
      EventBusArn = "",
      EventTopicArn = "",
      TableName = "",
      KardSecretArn = "",
    } = stack.outputs;
    const endpoint = stack.awsEndpoint;
    const outputs: LocalOutputs = {
      ...stack.outputs,
      ...{ ApiUrl, ConsoleUrl, ResolutionsQueueUrl, DeliveriesQueueUrl },
      ...{ EventBusArn, EventTopicArn, TableName },
      OrganizationId: organizationId,
      ApiKey: await localApiKey({ endpoint, tableName: TableName, organizationId, dataDir }),
      KardSecretArn,
      KardUrl: kard.url,
      KardTokenUrl: kard.tokenUrl,
      KardTokenRequest: kard.tokenRequest,
      SqsEndpoint: endpoint,
      DynamoDbEndpoint: endpoint,
    };
    if (kard.sandbox !== undefined && options.push !== false) {
      await subscribeToPushes(kard, organizationId, `${ApiUrl}/kard/${organizationId}/notifications`);
    }
    return {
      outputs,
      stack,
      async stop() {
        await stack.stop();
        await discard();
      },
    };
  } catch (error) {
    // Without an assembly, that is the error.
    await discard().catch(() => undefined);
    throw error;
  }
}
