import type { IKey } from "aws-cdk-lib/aws-kms";
import type { ISecret } from "aws-cdk-lib/aws-secretsmanager";
import type { EventName } from "../../functions/core/events/events.ts";

/** A webhook subscription of an issuer. */
export interface AuditSubscriptionProps {
  /** URL of the tracker's API: `apiUrl` of the tracker. */
  readonly apiUrl: string;
  /** The issuer. A change makes another subscription, and deletes the old one. */
  readonly organizationId: string;
  /** A secret with an API key of the issuer that has the scopes `notifications:read` and `notifications:write`. */
  readonly apiKeySecret: ISecret;
  /** The URL that gets the webhooks. */
  readonly webhookUrl: string;
  /** @default ["audit.closed"] */
  readonly eventNames?: EventName[];
  /**
   * Limits audit events to these codes of Kard. `resolutionCodes` applies only to `audit.closed`.
   *
   * @default - all
   */
  readonly filters?: { readonly auditCodes?: number[]; readonly resolutionCodes?: number[] };
  /**
   * A description for people. The construct adds a mark by which it finds the subscription.
   *
   * @default - only the mark
   */
  readonly description?: string;
  /** @default "full" */
  readonly payload?: "full" | "thin";
  /**
   * A named schedule, or the waits between attempts in seconds.
   *
   * @default "default"
   */
  readonly retrySchedule?: "default" | "fast" | "patient" | number[];
  /**
   * Whether an event of an audit waits until the earlier ones have an outcome.
   *
   * @default false
   */
  readonly ordered?: boolean;
  /** @default true */
  readonly enabled?: boolean;
  /**
   * Encrypts the signing secret.
   *
   * @default - a key of AWS
   */
  readonly encryptionKey?: IKey;
}
