import type { ChooseFault } from "./aws-proxy/injected-fault.ts";
import type { AccessRequest } from "./iam/policy.ts";
import type { Role } from "./iam/roles.ts";
import type { LogLine, MeasureHeap } from "./lambda/execution-environment.ts";
import type { MeterCapacity } from "./services/aws-services.ts";
import type { DynamoDbEmulator } from "./services/data-stores.ts";
import type { Emulator } from "./services/emulator.ts";
import type { Table } from "./services/tables.ts";
import type { IdlePace } from "./triggers/schedules.ts";

/** Instruments that tests and benchmarks hand in. */
export interface StackHooks {
  /** Injects faults into AWS calls of functions. */
  readonly chooseFault?: ChooseFault;
  /** Receives every permission that a role has used. */
  readonly onAllowed?: (role: Role, permission: AccessRequest) => void;
  /** Computes the capacity units of DynamoDB calls. Without it, all calls count as 0 units. */
  readonly meterCapacity?: (tables: readonly Table[], dynamodb: Emulator) => MeterCapacity;
  readonly measureHeap?: MeasureHeap;
  /** Receives the time and the CPU time of each invocation in milliseconds, without its cold start. */
  readonly onInvocation?: (functionName: string, ms: number, cpuMs: number) => void;
}

export interface LocalStackOptions {
  /** Directory that `cdk synth` wrote. The emulators start while it is awaited. */
  readonly assemblyDir: string | Promise<string>;
  /** Port of the HTTP API on 127.0.0.1; 0 for any. */
  readonly port: number;
  /** Where tables, queues and generated secrets are stored; undefined for memory only. */
  readonly dataDir?: string | undefined;
  /** Seconds per minute of a schedule; undefined for sixty. */
  readonly tickSeconds?: number | undefined;
  /** Slows the schedules down while nobody uses the stack. Default: they keep their pace. */
  readonly whenIdle?: IdlePace | undefined;
  /**
   * Secret strings by logical id (with or without the eight hex digits that the CDK appends) or by the secret's `Name`.
   */
  readonly secretValues?: Readonly<Record<string, string>>;
  /** What emulates DynamoDB: `dynalite` (the default), or AWS's own DynamoDB Local (`local`), which needs Java. */
  readonly dynamodb?: DynamoDbEmulator | undefined;
  readonly onLog?: (line: LogLine) => void;
  /** Maximum execution environments of each function without reserved concurrency. Default: 4. */
  readonly concurrency?: number;
  /** How long an execution environment without an invocation is kept, in milliseconds. Default: one minute. */
  readonly keepIdleMs?: number;
  readonly hooks?: StackHooks;
}
