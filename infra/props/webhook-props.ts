import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import type { WebhookEventType } from "../../functions/core/events/events.ts";

/** Who hears of trouble with an issuer's webhooks. */
export interface IssuerContact {
  /**
   * A topic of your own. Import an encrypted topic with `Topic.fromTopicAttributes` and its `keyArn`.
   *
   * @default - a new topic: `contactTopics`
   */
  readonly topic?: ITopic;
  /**
   * The e-mail addresses that are subscribed to the new topic. Each gets a message by which it confirms.
   *
   * @default - none: subscribe to the topic yourself
   */
  readonly emails?: string[];
  /** @default - all events about webhooks */
  readonly events?: WebhookEventType[];
}

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
   * The contacts of issuers, by organization id: `subscription.failing`, `subscription.recovered`,
   * `subscription.disabled` and `notification.failed` of the issuer also go to its contact. As many as fit into the
   * functions' environments, about a dozen. Not tokens.
   *
   * @default - none
   */
  readonly contacts?: Readonly<Record<string, IssuerContact>>;
  /**
   * The AWS accounts in which each issuer may have SQS queues and EventBridge buses as targets of its subscriptions, by
   * the id of its organization: `{ "bank-a": ["111122223333"] }`. Never the account of the tracker. Not tokens.
   *
   * @default - none: subscriptions have webhooks only
   */
  readonly targetAccounts?: Record<string, string[]>;
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
