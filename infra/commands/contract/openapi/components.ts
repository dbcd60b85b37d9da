import * as z from "zod";
import { changeAuditBody } from "../../../../functions/audits-api/annotations-input.ts";
import {
  adoptAuditsBody,
  createAuditsBody,
  createLegacyAuditBody,
  currency,
  resolveAuditBody,
} from "../../../../functions/audits-api/audit-input.ts";
import * as audits from "../../../../functions/audits-api/audit-shapes.ts";
import { eventFeed, eventShape } from "../../../../functions/audits-api/event-shapes.ts";
import * as legacy from "../../../../functions/audits-api/legacy-shapes.ts";
import { statsResponse, statsShape } from "../../../../functions/audits-api/stats-shapes.ts";
import { tokenBody, tokenForm } from "../../../../functions/audits-api/token-input.ts";
import { jsonApiError } from "../../../../functions/core/shared/json-api-error.ts";
import { queryTime } from "../../../../functions/core/shared/list-query.ts";
import { timestampShape } from "../../../../functions/core/shared/response-shapes.ts";
import { identifier } from "../../../../functions/core/shared/text.ts";
import { auditUpdate, pushResult } from "../../../../functions/kard-webhook/audit-update.ts";
import { answeredError, errorsShape } from "../../../../functions/platform/http-error.ts";
import { recoverBody } from "../../../../functions/subscriptions-api/notifications/notification-input.ts";
import * as notifications from "../../../../functions/subscriptions-api/notifications/notification-shapes.ts";
import {
  changeSubscriptionBody,
  createSubscriptionsBody,
  rotateSecretBody,
  testBody,
} from "../../../../functions/subscriptions-api/subscriptions/subscription-input.ts";
import * as subscriptions from "../../../../functions/subscriptions-api/subscriptions/subscription-shapes.ts";

/** API Gateway's own error body. */
export const gatewayMessage = z.object({ message: z.string() });

/** All bodies by their names in generated clients. These are the schemas that the functions use. */
const named: Record<string, z.ZodType> = {
  AdoptAudits: adoptAuditsBody,
  ResolveAudit: resolveAuditBody,
  AdoptedAudits: audits.adoptedAudits,
  Audit: audits.auditShape,
  AuditResponse: audits.oneAudit,
  AuditDetails: audits.auditDetailsShape,
  AuditList: audits.auditList,
  AuditUpdate: auditUpdate,
  Caller: audits.callerAnswer,
  ChangeAudit: changeAuditBody,
  ChangeSubscription: changeSubscriptionBody,
  CreateAudits: createAuditsBody,
  CreateLegacyAudit: createLegacyAuditBody,
  CreateSubscriptions: createSubscriptionsBody,
  CreatedAudit: audits.createdAudit,
  CreatedAudits: audits.createdAudits,
  Currency: currency,
  CreatedSubscriptions: subscriptions.createdSubscriptions,
  Event: eventShape,
  EventFeed: eventFeed,
  Error: answeredError,
  Errors: errorsShape,
  GatewayMessage: gatewayMessage,
  GivenTime: queryTime,
  Health: audits.health,
  Id: identifier,
  LegacyAudit: legacy.legacyAuditShape,
  LegacyError: legacy.legacyError,
  LegacyErrors: legacy.legacyErrorList,
  LegacyUnauthorized: legacy.legacyUnauthorized,
  NewSecret: subscriptions.newSecret,
  NewSubscription: subscriptions.newSubscriptionShape,
  Notification: notifications.notificationShape,
  NotificationResponse: notifications.oneNotification,
  NotificationDetails: notifications.notificationDetailsShape,
  NotificationList: notifications.notificationList,
  PartlyAdoptedAudits: audits.partlyAdoptedAudits,
  PendingAdoption: audits.pendingAdoption,
  PendingAdoptions: audits.pendingAdoptions,
  PartlyCreatedAudits: audits.partlyCreatedAudits,
  Ping: audits.ping,
  PushResult: pushResult,
  Recover: recoverBody,
  Refusal: jsonApiError,
  Recovery: notifications.recovery,
  ReplayedNotification: notifications.replayedNotification,
  RotateSecret: rotateSecretBody,
  Subscription: subscriptions.subscriptionShape,
  SubscriptionResponse: subscriptions.oneSubscription,
  SubscriptionList: subscriptions.subscriptionList,
  Stats: statsShape,
  StatsResponse: statsResponse,
  Timestamp: timestampShape,
  Token: audits.tokenShape,
  TokenForm: tokenForm,
  TokenRequest: tokenBody,
  Test: subscriptions.testShape,
  TestEvent: testBody,
  TestOutcome: subscriptions.testOutcome,
};

const refOf = (name: string) => `#/components/schemas/${name}`;

const nameOf = new Map(Object.entries(named).map(([name, schema]) => [schema, name]));

/** A `$ref` to a body's schema. */
export function refTo(schema: z.ZodType): { $ref: string } {
  const name = nameOf.get(schema);
  if (name === undefined) throw new Error("a request or response body has no name in the document");
  return { $ref: refOf(name) };
}

/** The JSON Schemas of all bodies. They allow additional fields, because fields can be added at any time. */
export function componentSchemas(): Record<string, object> {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { ...schema.meta(), id });
  const { schemas } = z.toJSONSchema(registry, { io: "input", uri: refOf });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, { $schema: _dialect, $id: _id, ...schema }]) => [name, schema]),
  );
}
