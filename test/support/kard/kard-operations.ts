import * as z from "zod";
import {
  auditData,
  auditStatus,
  createRequest,
  errorObject,
  errors,
  legacyAudit,
  legacyCreateRequest,
  links,
  newSubscription,
  notification,
  subscription,
  text,
  timestamp,
} from "./kard-schemas.ts";

// Kard's operations by its reference: paths, requests, and responses by status.

const related = (type: string) => z.strictObject({ data: z.strictObject({ type: z.literal(type), id: text }) });
const bareString = z.string();
const legacyUnauthorized = z.strictObject({ message: z.string() });

const subscriptionAttributes = z.strictObject({ eventName: text, webhookUrl: z.url(), enabled: z.boolean() });

/** A transaction of "Get Earned Rewards". */
const rewarded = {
  id: text,
  relationships: z.strictObject({ user: related("user"), merchant: related("merchant"), offer: related("offer") }),
};
const rewardedAttributes = {
  transactionId: text,
  transactionAmountInCents: z.int(),
  transactionTimestamp: timestamp,
};
const earnedRewards = z.strictObject({
  data: z.array(
    z.discriminatedUnion("type", [
      z.strictObject({
        ...{ type: z.literal("approvedTransaction"), ...rewarded },
        attributes: z.strictObject({ status: z.literal("APPROVED"), ...rewardedAttributes }),
      }),
      z.strictObject({
        ...{ type: z.literal("rewardedTransaction"), ...rewarded },
        attributes: z.strictObject({
          ...{ status: z.literal("SETTLED"), ...rewardedAttributes },
          paidToIssuer: text,
          commissionEarned: z.strictObject({ user: z.strictObject({ type: z.literal("CENTS"), value: z.number() }) }),
        }),
      }),
    ]),
  ),
  links: z.strictObject({ self: text, next: text.optional() }),
  meta: z.strictObject({ lifetimeRewardsInCents: z.int() }),
});

export interface Contract {
  method: string;
  path: RegExp;
  request?: z.ZodType;
  responses: Readonly<Record<number, z.ZodType>>;
}

const v2Failures = { 400: errors, 401: errors, 404: errors, 409: errors, 429: errors, 500: errors, 503: errors };
const legacyFailures = {
  400: z.union([z.strictObject({ errors: z.array(z.string()) }), bareString]),
  401: legacyUnauthorized,
  404: bareString,
  409: bareString,
  429: bareString,
  500: bareString,
  503: bareString,
};

export const contracts: Contract[] = [
  {
    method: "GET",
    path: /^\/v2\/ping$/,
    responses: { ...v2Failures, 200: z.strictObject({ message: text, status: text, timestamp: text }) },
  },
  {
    method: "POST",
    path: /^\/v2\/auth\/token$/,
    responses: {
      ...v2Failures,
      200: z.strictObject({ access_token: text, expires_in: z.int().positive(), token_type: z.literal("Bearer") }),
    },
  },
  {
    method: "POST",
    path: /^\/v2\/issuers\/[^/]+\/users\/[^/]+\/audits$/,
    request: createRequest,
    responses: {
      ...v2Failures,
      201: z.strictObject({ data: auditData.min(1) }),
      207: z.strictObject({ data: auditData.optional(), errors: z.array(errorObject.required({ id: true })).min(1) }),
    },
  },
  {
    method: "POST",
    path: /^\/transactions\/audit$/,
    request: legacyCreateRequest,
    responses: { ...legacyFailures, 201: legacyAudit.extend({ status: z.literal("NEW") }) },
  },
  { method: "GET", path: /^\/transactions\/audit\/[^/]+$/, responses: { ...legacyFailures, 200: auditStatus } },
  {
    method: "GET",
    path: /^\/v2\/issuers\/[^/]+\/users\/[^/]+\/earned-rewards$/,
    responses: { ...v2Failures, 403: errors, 200: earnedRewards },
  },
  {
    method: "POST",
    path: /^\/v2\/issuers\/[^/]+\/subscriptions$/,
    request: z.strictObject({ data: z.array(newSubscription).min(1) }),
    responses: { ...v2Failures, 201: z.strictObject({ data: z.array(subscription) }) },
  },
  {
    method: "GET",
    path: /^\/v2\/issuers\/[^/]+\/subscriptions$/,
    responses: { ...v2Failures, 200: z.strictObject({ data: z.array(subscription) }) },
  },
  {
    method: "PATCH",
    path: /^\/v2\/issuers\/[^/]+\/subscriptions\/[^/]+$/,
    request: z.strictObject({ data: newSubscription.extend({ attributes: subscriptionAttributes.partial() }) }),
    responses: { ...v2Failures, 200: z.strictObject({ data: subscription }) },
  },
  {
    method: "GET",
    path: /^\/v2\/issuers\/[^/]+\/notifications$/,
    responses: {
      ...v2Failures,
      200: z.strictObject({
        data: z.array(notification),
        meta: z.strictObject({ pageSize: z.int(), hasNextPage: z.boolean() }),
        links: links.optional(),
      }),
    },
  },
  {
    method: "POST",
    path: /^\/v2\/issuers\/[^/]+\/notifications\/[^/]+\/replay$/,
    responses: { ...v2Failures, 202: z.strictObject({ data: z.strictObject({ eventId: z.uuid() }) }) },
  },
];
