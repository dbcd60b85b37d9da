import { accessSync, constants, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StartUpError } from "../template/start-up-error.ts";
import { type Emulator, startEmulator } from "./emulator.ts";
import { createQueues, type Queue } from "./queues.ts";
import { repairIndexes } from "./repair-indexes.ts";
import { createTables, type Table } from "./tables.ts";
import { createTopics, type Topic } from "./topics.ts";

/** The emulators that store the stack's data. */
export interface DataStores {
  readonly dynamodb: Emulator;
  /** Also serves SNS. */
  readonly sqs: Emulator;
}

/** `dynalite` runs wherever Node.js does; `local` is AWS's own DynamoDB Local and needs Java. */
export type DynamoDbEmulator = "dynalite" | "local";

const dynamodbWorkers: Readonly<Record<DynamoDbEmulator, string>> = {
  dynalite: "./dynalite-worker.ts",
  local: "./dynamodb-local-worker.ts",
};

export interface EmulatorOptions {
  /** undefined for memory only. */
  readonly dataDir: string | undefined;
  readonly region: string;
  readonly dynamodb?: DynamoDbEmulator | undefined;
}

/**
 * Creates the stack's tables, queues and topics in the emulators.
 * @param running receives a function that notes an orderly end.
 * @throws StartUpError if the data directory cannot be used.
 */
export async function createResources(
  resources: {
    readonly tables: readonly Table[];
    readonly queues: readonly Queue[];
    readonly topics: readonly Topic[];
    readonly dataDir: string | undefined;
  },
  { dynamodb, sqs }: DataStores,
  running: AsyncDisposableStack,
): Promise<void> {
  const { tables, queues, topics, dataDir } = resources;
  await createTables(tables, dynamodb).catch((error: unknown) => refuse(dataDir, error));
  if (dataDir !== undefined) {
    const marker = join(dataDir, "running");
    if (existsSync(marker)) await repairIndexes(tables, dynamodb);
    writeFileSync(marker, "");
    running.defer(() => rmSync(marker, { force: true }));
  }
  await createQueues(queues, sqs);
  await createTopics(topics, sqs);
}

/** Emulators that start before the stack's region is known. */
export interface StartingEmulators extends AsyncDisposable {
  /** @throws StartUpError if the data directory cannot be used. */
  of(region: string): Promise<DataStores>;
}

/** The region of a template that names none. */
const usualRegion = "us-east-1";

/** Starts the emulators. They start again if the stack's region is not the usual one. */
export function startEmulators(options: Omit<EmulatorOptions, "region">): StartingEmulators {
  let running = new AsyncDisposableStack();
  let opening = openEmulators({ ...options, region: usualRegion }, running);
  // `of` reports it.
  opening.catch(() => undefined);
  return {
    async of(region) {
      if (region === usualRegion) return opening;
      await opening;
      await running.disposeAsync();
      running = new AsyncDisposableStack();
      opening = openEmulators({ ...options, region }, running);
      return opening;
    },
    async [Symbol.asyncDispose]() {
      await opening.catch(() => undefined);
      await running.disposeAsync();
    },
  };
}

/**
 * Starts the emulators.
 * @param running receives the functions that stop them.
 * @throws StartUpError if the data directory cannot be used.
 */
export async function openEmulators(
  { dataDir, region, dynamodb: dynamodbEmulator = "dynalite" }: EmulatorOptions,
  running: AsyncDisposableStack,
): Promise<DataStores> {
  async function open(worker: string, subdirectory: string): Promise<Emulator> {
    const directory = dataDir === undefined ? undefined : join(dataDir, subdirectory);
    if (directory !== undefined) makeWritable(directory);
    const emulator = await startEmulator(new URL(worker, import.meta.url), { dataDir: directory, region });
    running.defer(() => emulator.stop());
    return emulator;
  }
  // Waits for both even if one fails, because a started emulator must be stopped.
  const opened = await Promise.allSettled([
    open(dynamodbWorkers[dynamodbEmulator], "dynamodb"),
    open("./fauxqs-worker.ts", "sqs"),
  ]);
  const [dynamodb, sqs] = opened;
  if (dynamodb.status === "rejected") return refuse(dataDir, dynamodb.reason);
  if (sqs.status === "rejected") return refuse(dataDir, sqs.reason);
  return { dynamodb: dynamodb.value, sqs: sqs.value };
}

function makeWritable(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.R_OK | constants.W_OK);
  } catch (error) {
    throw new StartUpError(`the data directory cannot be used: ${error instanceof Error ? error.message : error}`);
  }
}

/** LevelDB's lock ends with the process, so a killed runner leaves no lock behind. */
function refuse(dataDir: string | undefined, error: unknown): never {
  if (dataDir === undefined || error instanceof StartUpError) throw error;
  throw new StartUpError(`the data directory ${dataDir} is in use by another runner, or damaged`);
}
