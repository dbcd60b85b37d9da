import { rmSync } from "node:fs";
import { readDynamoDbEmulator } from "./dynamodb-emulator.ts";
import { localApiKey } from "./local-api-key.ts";
import { type LocalKard, takePushes } from "./local-kard.ts";
import type { LogLine } from "./runner/lambda/execution-environment.ts";
import { type LocalStack, startLocalStack } from "./runner/local-stack.ts";
import { synthesize } from "./synthesize.ts";

export interface LocalTrackerOptions {
  kard: LocalKard;
  organizationId: string;
  /** 0 for any free port. */
  port: number;
  /** `undefined` keeps nothing. */
  dataDir: string | undefined;
  tickSeconds: number;
  /** More of the CDK app's context, as `-c key=value` would give it. */
  context?: Readonly<Record<string, string>>;
  /** Whether the sandbox pushes what changes to the tracker. */
  push?: boolean;
  onLog?: (line: LogLine) => void;
  /**
   * Gives the directory of a cloud assembly for a context, to use and to delete: by default the CDK app is
   * synthesized.
   */
  synthesize?: typeof synthesize;
  /** Whether to compute DynamoDB capacity units, which costs extra reads: no unless asked for. */
  countCapacity?: boolean;
  /** How many workers each function may have. */
  concurrency?: number;
}

/** What a client needs to use the tracker on this machine: the stack's own outputs, and what exists only here. */
export interface LocalOutputs {
  ApiUrl: string;
  ConsoleUrl: string;
  ResolutionsQueueUrl: string;
  DeliveriesQueueUrl: string;
  TableName: string;
  OrganizationId: string;
  ApiKey: string;
  KardSecretArn: string;
  KardUrl: string;
  KardTokenUrl: string;
  SqsEndpoint: string;
  DynamoDbEndpoint: string;
}

export interface LocalTracker {
  outputs: LocalOutputs;
  stack: LocalStack;
  stop(): Promise<void>;
}

/**
 * The product on this machine: synthesizes the CDK app, runs its template against a Kard, and makes an API key.
 *
 * @throws StartUpError, in one line, when it cannot start
 */
export async function startLocalTracker(options: LocalTrackerOptions): Promise<LocalTracker> {
  const { kard, organizationId, dataDir } = options;
  const dynamodb = readDynamoDbEmulator(process.env.KAT_DYNAMODB);
  const assemble = options.synthesize ?? synthesize;
  const assemblyDir = await assemble({ kardApiUrl: kard.url, kardTokenUrl: kard.tokenUrl, ...options.context });
  const discard = () => rmSync(assemblyDir, { recursive: true, force: true });
  try {
    const stack = await startLocalStack({
      assemblyDir,
      port: options.port,
      dataDir,
      dynamodb,
      tickSeconds: options.tickSeconds,
      secretValues: { KardSecret: JSON.stringify(kard.secret) },
      countCapacity: options.countCapacity ?? false,
      ...(options.onLog === undefined ? {} : { onLog: options.onLog }),
      ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    });
    const {
      ApiUrl = "",
      ConsoleUrl = "",
      ResolutionsQueueUrl = "",
      DeliveriesQueueUrl = "",
      TableName = "",
      KardSecretArn = "",
    } = stack.outputs;
    const endpoint = stack.awsEndpoint;
    const outputs: LocalOutputs = {
      ...{ ApiUrl, ConsoleUrl, ResolutionsQueueUrl, DeliveriesQueueUrl, TableName },
      OrganizationId: organizationId,
      ApiKey: await localApiKey({ endpoint, tableName: TableName, organizationId, dataDir }),
      KardSecretArn,
      KardUrl: kard.url,
      KardTokenUrl: kard.tokenUrl,
      SqsEndpoint: endpoint,
      DynamoDbEndpoint: endpoint,
    };
    if (kard.sandbox !== undefined && options.push !== false) {
      await takePushes(kard, organizationId, `${ApiUrl}/kard/${organizationId}/notifications`);
    }
    return {
      outputs,
      stack,
      async stop() {
        await stack.stop();
        discard();
      },
    };
  } catch (error) {
    discard();
    throw error;
  }
}
