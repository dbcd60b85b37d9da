import { type ISecret, Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Duration, Validations } from "aws-cdk-lib/core";
import type { Construct } from "constructs";
import type { CanaryEnvironment } from "../../functions/canary/environment.ts";
import { allowReadOf } from "../constructs/kard-secret.ts";
import { ScheduledFunction } from "../constructs/scheduled-function.ts";
import type { CanaryProps } from "../props/operations-props.ts";
import type { Parts } from "./parts.ts";

/** The interval of the canary's runs. */
export const canaryInterval = Duration.minutes(5);

/** Checks the deployed API from outside, with its own API key, which the operator stores in a secret. */
export class Canary extends ScheduledFunction {
  readonly apiKeySecret: ISecret;

  constructor(
    scope: Construct,
    id: string,
    { common, canary, apiUrl }: Pick<Parts, "common"> & { canary: CanaryProps; apiUrl: string },
  ) {
    const { dataKey: encryptionKey, removalPolicy } = common;
    const description = "The API key of the canary, as npm run keys prints it";
    const secret = new Secret(scope, `${id}Key`, { description, encryptionKey, removalPolicy });
    const apiKeySecret = secret as ISecret;
    Validations.of(secret).acknowledge({
      id: "AwsSolutions::AwsSolutions-SMG4",
      reason: "The operator rotates the key by npm run keys, as all API keys.",
    });
    super(scope, id, {
      ...common,
      folder: "canary",
      description: "Calls the deployed API from outside and fails if it does",
      // Filing an audit waits up to two minutes for Kard.
      timeout: Duration.seconds(150),
      inputs: [{}],
      every: canaryInterval,
      environment: {
        API_URL: canary.url ?? apiUrl,
        ORGANIZATION_ID: canary.organizationId,
        API_KEY_SECRET_ARN: apiKeySecret.secretArn,
        FILES_AUDITS: String(canary.filesAudits ?? false) as "true" | "false",
      } satisfies CanaryEnvironment,
      grants: [allowReadOf(apiKeySecret)],
    });
    this.apiKeySecret = apiKeySecret;
  }
}
