import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  type SecretsManagerClient,
} from "@aws-sdk/client-secrets-manager";
import { ownWebhookSecret } from "../../core/subscriptions/webhook-secret.ts";

const prefix = "whsec_";

/** Reads the text of a secret. */
export async function readSecret(client: Pick<SecretsManagerClient, "send">, secretArn: string): Promise<string> {
  const { SecretString = "" } = await client.send(new GetSecretValueCommand({ SecretId: secretArn }));
  return SecretString.trim();
}

/**
 * The signing secret that a receiver reads. The stack generates 44 letters and digits, which are the base64 of 33
 * bytes. The first run puts the prefix of Standard Webhooks in front, so concurrent runs store the same.
 *
 * @throws Error, without the secret, if it is none that the API accepts
 */
export async function signingSecret(client: Pick<SecretsManagerClient, "send">, secretArn: string): Promise<string> {
  const stored = await readSecret(client, secretArn);
  const secret = stored.startsWith(prefix) ? stored : prefix + stored;
  if (!ownWebhookSecret.safeParse(secret).success)
    throw new Error(`the secret ${secretArn} must be whsec_ and the base64 of 24 to 64 bytes`);
  if (secret !== stored) await client.send(new PutSecretValueCommand({ SecretId: secretArn, SecretString: secret }));
  return secret;
}
