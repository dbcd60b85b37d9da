import type { IKey } from "aws-cdk-lib/aws-kms";
import { type ITopic, Topic } from "aws-cdk-lib/aws-sns";
import { EmailSubscription } from "aws-cdk-lib/aws-sns-subscriptions";
import { Construct } from "constructs";
import type { WebhookEventType } from "../../functions/core/events/events.ts";
import type { IssuerContact } from "../props/webhook-props.ts";

/** The topic of an issuer's contact, and its events if they were chosen. */
export interface Contact {
  topic: ITopic;
  events: WebhookEventType[] | undefined;
}

/** The contacts of issuers. A contact without a topic gets one of its own, encrypted with the key. */
export class IssuerContacts extends Construct {
  readonly contacts: ReadonlyMap<string, Contact>;

  constructor(scope: Construct, id: string, given: Readonly<Record<string, IssuerContact>>, key: IKey) {
    super(scope, id);
    this.contacts = new Map(
      Object.entries(given).map(([organizationId, { topic, emails = [], events }]) => [
        organizationId,
        { topic: topic ?? this.#newTopic(organizationId, emails, key), events },
      ]),
    );
  }

  #newTopic(organizationId: string, emails: readonly string[], masterKey: IKey): ITopic {
    const displayName = `Webhooks of ${organizationId}`.slice(0, 100);
    const topic = new Topic(this, encodeURIComponent(organizationId), { displayName, masterKey, enforceSSL: true });
    for (const email of emails) topic.addSubscription(new EmailSubscription(email));
    return topic;
  }
}
