import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { connect } from "../../cli/api/api.ts";
import { awsHttp } from "../adapters/aws/http-handler.ts";
import { readSecret, signingSecret } from "../adapters/aws/signing-secret.ts";
import { parseApiKey } from "../core/access/api-key.ts";
import { manageSubscription } from "./manage-subscription.ts";
import { respondToCloudFormation } from "./respond.ts";

const client = new SecretsManagerClient({ requestHandler: awsHttp() });

/** All tries of a call end within the function's timeout of five minutes. */
const timing = { maxTries: 3, firstPauseMs: 500, maxPauseMs: 10_000, timeoutMs: 10_000 };

const manage = manageSubscription({
  async connect({ ApiUrl, OrganizationId, ApiKeySecretArn }) {
    const key = await readSecret(client, ApiKeySecretArn);
    if (parseApiKey(key) === undefined) throw new Error(`the secret ${ApiKeySecretArn} holds no API key`);
    return connect({ url: ApiUrl, key, organizationId: OrganizationId }, timing);
  },
  signingSecret: (secretArn) => signingSecret(client, secretArn),
});

/** Manages the webhook subscriptions of a stack: a custom resource of CloudFormation. */
export const handler = respondToCloudFormation({
  manage,
  async put(url, body) {
    const { ok, status } = await fetch(url, { method: "PUT", body, headers: { "content-type": "" } });
    if (!ok) throw new Error(`CloudFormation did not accept the response: ${status}`);
  },
});
