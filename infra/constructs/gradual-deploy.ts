import type { IHttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { type ILambdaDeploymentConfig, LambdaApplication, LambdaDeploymentGroup } from "aws-cdk-lib/aws-codedeploy";
import { ManagedPolicy, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Duration, Validations } from "aws-cdk-lib/core";
import { Construct } from "constructs";
import type { BundledFunction } from "./bundled-function.ts";

interface GradualDeployProps {
  deploymentConfig: ILambdaDeploymentConfig;
  /** Functions with an alias, by name. */
  functions: Readonly<Record<string, BundledFunction>>;
  api: IHttpApi;
}

const period = Duration.minutes(1);

/**
 * Shifts calls to a new version of each function step by step. CodeDeploy shifts them back if the function fails or
 * the API answers 5xx, and CloudFormation rolls the update back then.
 * https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-lambda.html
 */
export class GradualDeploy extends Construct {
  constructor(scope: Construct, id: string, { deploymentConfig, functions, api }: GradualDeployProps) {
    super(scope, id);
    const application = new LambdaApplication(this, "Application");
    const role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("codedeploy.amazonaws.com"),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName("service-role/AWSCodeDeployRoleForLambdaLimited")],
    });
    Validations.of(role).acknowledge({
      id: "AwsSolutions::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]",
      reason: "AWS maintains this policy for CodeDeploy's deployments of Lambda functions.",
    });
    const stopsOn = (name: string, metric: Metric, threshold: number) =>
      new Alarm(this, name, {
        alarmDescription: "Stops a gradual deployment and rolls it back. It notifies nobody.",
        metric,
        threshold,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: 1,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
    const apiFails = stopsOn("ApiFails", api.metricServerError({ period, statistic: "Sum" }), 3);
    for (const [name, { live: alias }] of Object.entries(functions)) {
      if (alias === undefined) throw new Error(`The function ${name} has no alias.`);
      const functionFails = stopsOn(`${name}Fails`, alias.metricErrors({ period, statistic: "Sum" }), 1);
      new LambdaDeploymentGroup(this, name, {
        ...{ application, role, alias, deploymentConfig },
        alarms: [functionFails, apiFails],
      });
    }
  }
}
