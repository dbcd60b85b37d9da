import { existsSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { decide } from "../iam/policy.ts";
import { assumableRole, type Role } from "../iam/roles.ts";
import { ignored } from "../template/parse-template-part.ts";
import type { StackResources } from "../template/stack-resources.ts";
import { StartUpError } from "../template/start-up-error.ts";

// Refuses layers, VPC, dead-letter and file system settings as unknown keys.
const functionSchema = z.strictObject({
  FunctionName: z.string().optional(),
  Description: z.string().optional(),
  Code: z.strictObject({ S3Bucket: ignored, S3Key: z.string() }),
  Handler: z.string(),
  Runtime: z.literal("nodejs24.x"),
  Role: z.string(),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }).default({ Variables: {} }),
  Timeout: z.number().int().default(3),
  MemorySize: z.number().int().default(128),
  ReservedConcurrentExecutions: z.number().int().optional(),
  LoggingConfig: z.object({ LogGroup: z.string().optional() }).default({}),
  Architectures: ignored,
  EphemeralStorage: ignored,
  KmsKeyArn: ignored,
  RecursiveLoop: z.enum(["Allow", "Terminate"]).default("Terminate"),
  RuntimeManagementConfig: ignored,
  Tags: ignored,
  TracingConfig: ignored,
});

/** A function of the template, with its code on disk. */
export interface FunctionDefinition {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly role: Role;
  readonly moduleFile: string;
  readonly exportName: string;
  readonly handler: string;
  readonly taskRoot: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  readonly memorySize: number;
  readonly reservedConcurrency: number | undefined;
  /** Whether Lambda allows recursive loops: `RecursiveLoop: Allow`. */
  readonly allowsRecursion: boolean;
  readonly logGroup: string;
  /** Without these permissions the function runs on AWS, but its logs are lost. */
  readonly mayWriteLogs: boolean;
}

/**
 * Reads all functions of the stack.
 * @throws StartUpError for missing code, settings that are not modelled, and roles that Lambda may not assume.
 */
export function readFunctions(
  stack: StackResources,
  assetDirs: ReadonlyMap<string, string>,
  roles: ReadonlyMap<string, Role>,
): FunctionDefinition[] {
  return stack.ofType("AWS::Lambda::Function", functionSchema).map(({ id, name, arn, properties }) => {
    const taskRoot = assetDirs.get(properties.Code.S3Key);
    if (taskRoot === undefined)
      throw new StartUpError(`${id}: its code ${properties.Code.S3Key} is not in the assembly`);
    const exportName = properties.Handler.split(".")[1] ?? "";
    const moduleFile = moduleFileOf({ id, handler: properties.Handler }, taskRoot);
    const role = assumableRole(roles, properties.Role, "lambda.amazonaws.com", arn, id);
    const logGroup = properties.LoggingConfig.LogGroup ?? `/aws/lambda/${name}`;
    const { partition, region, account } = stack.place;
    const logStreamArn = `arn:${partition}:logs:${region}:${account}:log-group:${logGroup}:log-stream:any`;
    return {
      ...{ id, name, arn, taskRoot, moduleFile, exportName, role, logGroup },
      handler: properties.Handler,
      mayWriteLogs: ["logs:CreateLogStream", "logs:PutLogEvents"].every(
        (action) => decide(role.statements, { action, resource: logStreamArn }) === "allow",
      ),
      variables: properties.Environment.Variables,
      timeoutSeconds: properties.Timeout,
      memorySize: properties.MemorySize,
      reservedConcurrency: properties.ReservedConcurrentExecutions,
      allowsRecursion: properties.RecursiveLoop === "Allow",
    };
  });
}

/**
 * The module of a function's handler.
 * @throws StartUpError if there is none.
 */
export function moduleFileOf({ id, handler }: Pick<FunctionDefinition, "id" | "handler">, taskRoot: string): string {
  const [file = ""] = handler.split(".");
  const found = ["mjs", "js", "cjs"].map((extension) => join(taskRoot, `${file}.${extension}`)).find(existsSync);
  if (found === undefined) throw new StartUpError(`${id}: there is no module ${file} in ${taskRoot}`);
  return found;
}

/**
 * A function's environment variables: those of the template and those that Lambda sets. None come from this process.
 * Source: AWS Lambda, defined runtime environment variables.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function functionEnvironment(
  definition: FunctionDefinition,
  runtime: {
    readonly region: string;
    readonly endpointUrl: string;
    readonly accessKeyId: string;
    readonly logStream: string;
  },
): Record<string, string> {
  return {
    ...definition.variables,
    _HANDLER: definition.handler,
    AWS_ACCESS_KEY_ID: runtime.accessKeyId,
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_SESSION_TOKEN: "local",
    AWS_REGION: runtime.region,
    AWS_DEFAULT_REGION: runtime.region,
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: definition.name,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(definition.memorySize),
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: definition.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: runtime.logStream,
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    LAMBDA_TASK_ROOT: definition.taskRoot,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    // Lambda does not set this one: it points the SDKs to the AWS proxy.
    AWS_ENDPOINT_URL: runtime.endpointUrl,
  };
}
