import type { AuditTrackerProps } from "./audit-tracker-props.ts";

/** Existing resources for a tracker to use instead of new ones. */
export type GivenResources = Pick<
  AuditTrackerProps,
  | "domain"
  | "network"
  | "encryptionKey"
  | "existingTable"
  | "existingSecret"
  | "webhookTls"
  | "resolutionsConsumers"
  | "eventBus"
  | "eventTopic"
  | "contacts"
  | "gradualDeploy"
>;
