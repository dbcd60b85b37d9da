import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";

/** Allowed targets of webhooks, and how they are sent. */
export interface WebhookProps {
  /**
   * The ports that webhook URLs may name.
   *
   * @default [443]
   */
  readonly webhookPorts?: number[];
  /**
   * Hosts of private networks (`hooks.corp.example`, `*.corp.example`) and blocks of private addresses (`10.20.0.0/16`)
   * that webhooks may also go to. Needs a `network` that reaches them. Loopback, link-local and metadata addresses are
   * still refused. Not tokens.
   *
   * @default - none: webhooks go to the public internet only
   */
  readonly privateWebhookTargets?: string[];
  /**
   * A secret with JSON: `certificate` and `key`, which webhooks' receivers are shown as the client certificate, and
   * `authorities`, which may sign receivers' certificates besides public authorities. Each in PEM.
   *
   * @default - no client certificate, and only public authorities
   */
  readonly webhookTls?: ISecret;
  /**
   * How many batches of deliveries run at once.
   *
   * @default 50
   */
  readonly deliveryConcurrency?: number;
  /**
   * The same for deliveries to slow endpoints.
   *
   * @default 10
   */
  readonly slowDeliveryConcurrency?: number;
}
