import { expect, test } from "@jest/globals";
import { Match } from "aws-cdk-lib/assertions";
import { resourcesOf, synthesize } from "../support/synthesize.ts";

test("a gradual deployment shifts the aliases that the API and the queues call, and stops on failures", () => {
  const gradual = synthesize({ gradualDeploy: "Linear10PercentEvery1Minute" });
  gradual.resourceCountIs("AWS::CodeDeploy::DeploymentGroup", 4);
  gradual.allResourcesProperties("AWS::CodeDeploy::DeploymentGroup", {
    DeploymentConfigName: "CodeDeployDefault.LambdaLinear10PercentEvery1Minute",
    AlarmConfiguration: { Enabled: true, Alarms: [Match.anyValue(), Match.anyValue()] },
    AutoRollbackConfiguration: { Enabled: true, Events: Match.arrayWith(["DEPLOYMENT_STOP_ON_ALARM"]) },
  });
  const aliases = Object.entries(gradual.findResources("AWS::Lambda::Alias"));
  expect(aliases.map(([id]) => id.slice(0, -8)).sort()).toEqual([
    ...["AuditsApiLive", "DeliverWebhooksLive", "KardWebhookLive", "SubscriptionsApiLive"],
  ]);
  for (const [, { UpdatePolicy }] of aliases) expect(UpdatePolicy).toHaveProperty("CodeDeployLambdaAliasUpdate");
  const alias = /"Ref":"[A-Za-z]+Live[0-9A-F]{8}"/;
  for (const [, { IntegrationUri }] of resourcesOf(gradual, "AWS::ApiGatewayV2::Integration"))
    expect(JSON.stringify(IntegrationUri)).toMatch(alias);
  for (const [, { FunctionName }] of resourcesOf(gradual, "AWS::Lambda::EventSourceMapping"))
    expect(JSON.stringify(FunctionName)).toMatch(alias);
  synthesize({}).resourceCountIs("AWS::Lambda::Alias", 0);
});
