import { type PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import type { IKey } from "aws-cdk-lib/aws-kms";
import {
  Alias,
  Architecture,
  Code,
  type IFunction,
  type IVersion,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { AssetHashType, DockerImage, type Duration, type RemovalPolicy, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import { allowUseOf } from "./data-key.ts";
import { limitEnvironment } from "./environment-limit.ts";
import { builtFunction, bundleFunction, functionSources } from "./function-bundle.ts";
import { admitToNetwork, type Network } from "./network.ts";

export interface BundledFunctionProps {
  /** The function's folder under `functions/`, whose `handler.ts` exports `handler`. */
  folder: string;
  description: string;
  timeout: Duration;
  memorySize?: number;
  /** Reserved concurrency of this function. */
  reservedConcurrentExecutions?: number | undefined;
  /** The number of times that Lambda retries a failed asynchronous invocation. */
  retryAttempts?: number;
  /** How long an asynchronous invocation may wait in Lambda's queue. */
  maxEventAge?: Duration;
  environment: Record<string, string>;
  /** Default: Lambda's own network. */
  network?: Network | undefined;
  /** The key that encrypts the function's data. */
  dataKey: IKey;
  /** The function's permissions, besides writing its log. */
  grants: PolicyStatement[];
  /** CloudWatch namespace of the function's metrics. */
  metricsNamespace: string;
  /** Whether the key also encrypts the log and the environment. */
  encryptAll: boolean;
  /** Whether invocations are traced with AWS X-Ray. */
  tracing: boolean;
  logRetention: RetentionDays;
  removalPolicy: RemovalPolicy;
  /** Whether callers use an alias, which a deployment shifts to the new version step by step. */
  isGradual: boolean;
}

/**
 * A Lambda function: one minified ES module with all dependencies, and a role with the permissions of `grants`.
 */
export class BundledFunction extends LambdaFunction {
  /** The alias that callers use, if deployments are gradual. */
  readonly live: Alias | undefined;
  /** What callers use: the alias, or the function itself. */
  readonly target: IFunction;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    const { folder, dataKey, encryptAll, network, grants, metricsNamespace, logRetention, removalPolicy, ...options } =
      props;
    const { reservedConcurrentExecutions: reserved, isGradual, tracing, ...others } = options;
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: logRetention,
      removalPolicy,
      ...(encryptAll && { encryptionKey: dataKey }),
    });
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    super(scope, id, {
      memorySize: 512,
      ...others,
      ...(reserved === undefined ? {} : { reservedConcurrentExecutions: reserved }),
      ...(network && { vpc: network.vpc, securityGroups: network.securityGroups }),
      ...(network?.vpcSubnets && { vpcSubnets: network.vpcSubnets }),
      ...(encryptAll && { environmentEncryption: dataKey }),
      ...(tracing && { tracing: Tracing.ACTIVE }),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: functionCode(folder),
      handler: "index.handler",
      environment: {
        POWERTOOLS_SERVICE_NAME: folder,
        POWERTOOLS_METRICS_NAMESPACE: metricsNamespace,
        ...options.environment,
      },
      role,
      logGroup,
    });
    limitEnvironment(this);
    logGroup.grantWrite(role);
    for (const statement of [allowUseOf(dataKey), ...grants]) role.addToPolicy(statement);
    if (network !== undefined) admitToNetwork(this, role);
    this.live = isGradual ? liveAlias(scope, `${id}Live`, this) : undefined;
    if (tracing) allowTraces(role);
    this.target = (this.live ?? this) as IFunction;
    Validations.of(this).acknowledge(
      {
        id: "Serverless::Serverless-LambdaDLQ",
        reason: "All work is stored in the table, or in a queue with its own dead-letter queue.",
      },
      {
        id: "Serverless::Serverless-LambdaTracing",
        reason: "Optional: an audit takes many invocations over days. The logs carry its id on each line.",
      },
    );
  }
}

/** The CDK grants the two actions for traces. They have no resource-level permissions. */
function allowTraces(role: Role): void {
  Validations.of(role).acknowledge({
    id: "AwsSolutions::AwsSolutions-IAM5[Resource::*]",
    reason: "X-Ray has no finer permission for traces.",
  });
}

function liveAlias(scope: Construct, id: string, fn: LambdaFunction): Alias {
  return new Alias(scope, id, { aliasName: "live", version: fn.currentVersion as IVersion });
}

/** The code of a function: its bundle in a published package, or built from the sources. */
export function functionCode(folder: string): Code {
  const built = builtFunction(folder);
  if (built !== undefined) return Code.fromAsset(built);
  return Code.fromAsset(functionSources(folder), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry("unused"),
      local: {
        tryBundle(outputFolder) {
          bundleFunction(folder, outputFolder, "source-map");
          return true;
        },
      },
    },
  });
}
