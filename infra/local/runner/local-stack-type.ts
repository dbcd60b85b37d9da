import type { AwsCall, Violation } from "./aws-proxy/aws-call.ts";
import type { Usage } from "./aws-proxy/call-log.ts";
import type { Role } from "./iam/roles.ts";
import type { LogLine } from "./lambda/execution-environment.ts";
import type { FunctionDefinition } from "./lambda/function-definition.ts";
import type { InvocationOutcome } from "./lambda/lambda-function.ts";

/** A stack that runs on this machine. */
export interface LocalStack {
  /** The template's outputs, with the local API URL. */
  readonly outputs: Readonly<Record<string, string>>;
  /**
   * Endpoint for DynamoDB, SQS, SNS, EventBridge, Secrets Manager and KMS clients. The access key id `local` has every
   * permission. The id of another account is its operator, who can create queues and event buses there, and set the
   * policies of its keys.
   */
  readonly awsEndpoint: string;
  /** The latest 10,000 AWS calls, oldest first. */
  readonly calls: readonly AwsCall[];
  /** Totals of all AWS calls since the start or the last `clearCalls`. */
  usage(): Usage[];
  clearCalls(): void;
  readonly violations: readonly Violation[];
  readonly roles: readonly Role[];
  /** The functions as the template has them. */
  readonly functions: readonly FunctionDefinition[];
  /** The latest 10,000 log lines of the functions, oldest first. */
  readonly logs: readonly LogLine[];
  /**
   * Invokes a function by logical id (with or without the CDK's hash) or name.
   * @throws Error if there is no such function.
   */
  invoke(functionIdOrName: string, event: unknown): Promise<InvocationOutcome>;
  /**
   * The next invocations of a function use the code in `taskRoot`.
   * @throws Error if there is no such function, or no module of its handler there.
   */
  replaceCode(functionIdOrName: string, taskRoot: string): void;
  /** Fires all schedules now and waits for their invocations. */
  tick(): Promise<void>;
  stop(): Promise<void>;
}
