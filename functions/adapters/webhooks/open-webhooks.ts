import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type * as z from "zod";
import type { Clock, ReportError } from "../../core/shared/ports.ts";
import { awsHttp } from "../aws/http-handler.ts";
import type { webhookEnvironment } from "../environment.ts";
import { type WebhookSender, webhookSender } from "./sender.ts";
import { webhookTlsOf } from "./tls.ts";

/** Opens the webhook sender with the targets and certificates of a function's environment. */
export function openWebhooks(
  { WEBHOOK_TARGETS: targets, WEBHOOK_TLS_SECRET_ARN: secretArn }: z.output<typeof webhookEnvironment>,
  clock: Clock,
  reportError: ReportError,
): WebhookSender {
  if (secretArn === undefined) return webhookSender(targets, clock);
  const client = new SecretsManagerClient({ requestHandler: awsHttp() });
  return webhookSender(targets, clock, { tls: webhookTlsOf({ secretArn, client, clock, reportError }) });
}
