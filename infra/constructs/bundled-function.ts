import { type PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, Code, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { AssetHashType, DockerImage, type Duration, type RemovalPolicy, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { DataKey } from "./data-key.ts";
import { builtFunction, bundleFunction, functionSources } from "./function-bundle.ts";
import { StaticEgress } from "./static-egress.ts";

export interface BundledFunctionProps {
  /** The function's folder under `functions/`, whose `handler.ts` exports `handler`. */
  folder: string;
  description: string;
  timeout: Duration;
  memorySize?: number;
  /** How often Lambda itself repeats an asynchronous invocation that failed. */
  retryAttempts?: number;
  /** How long an asynchronous invocation may wait in Lambda's own queue. */
  maxEventAge?: Duration;
  environment: Record<string, string>;
  /** The network that it calls out from, if not Lambda's own. */
  egress?: StaticEgress | undefined;
  /** The key behind everything that the function reads and writes. */
  dataKey: DataKey;
  /** All else that the function may do, besides writing its own log. */
  grants: PolicyStatement[];
  /** CloudWatch's namespace for what the function measures. */
  metricsNamespace: string;
  logRetention: RetentionDays;
  removalPolicy: RemovalPolicy;
}

/** A Lambda function: one minified ES module with everything it needs inside, and a role that may do what `grants` says. */
export class BundledFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    const { folder, dataKey, egress, grants, metricsNamespace, logRetention, removalPolicy, ...options } = props;
    const logGroup = new LogGroup(scope, `${id}Logs`, { retention: logRetention, removalPolicy });
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    super(scope, id, {
      memorySize: 512,
      ...options,
      ...egress?.placement,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: bundle(folder),
      handler: "index.handler",
      environment: {
        NODE_OPTIONS: "--enable-source-maps",
        POWERTOOLS_SERVICE_NAME: folder,
        POWERTOOLS_METRICS_NAMESPACE: metricsNamespace,
        ...options.environment,
      },
      role,
      logGroup,
    });
    logGroup.grantWrite(role);
    for (const statement of [dataKey.allowUse(), ...grants]) role.addToPolicy(statement);
    if (egress !== undefined) StaticEgress.admit(this, role);
    Validations.of(this).acknowledge(
      {
        id: "Serverless::Serverless-LambdaDLQ",
        reason:
          "No work is in an invocation alone: it is in the table, or in a queue that has dead letters of its own.",
      },
      {
        id: "Serverless::Serverless-LambdaTracing",
        reason: "A way leads over many invocations and days: it is followed by the audit's id in the logs.",
      },
    );
  }
}

function bundle(folder: string): Code {
  const built = builtFunction(folder);
  if (built !== undefined) return Code.fromAsset(built);
  return Code.fromAsset(functionSources(folder), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry("unused"),
      local: {
        tryBundle(outputFolder) {
          bundleFunction(folder, outputFolder);
          return true;
        },
      },
    },
  });
}
