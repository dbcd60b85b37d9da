import {
  changeSubscriptionBody,
  createSubscriptionsBody,
  listSubscriptionsQuery,
  rotateSecretBody,
  testBody,
} from "../../../../functions/subscriptions-api/subscriptions/subscription-input.ts";
import {
  createdSubscriptions,
  newSecret,
  oneSubscription,
  subscriptionList,
  testOutcome,
} from "../../../../functions/subscriptions-api/subscriptions/subscription-shapes.ts";
import type { Operation } from "./operation.ts";
import { aNewSubscription, aSubscription, aTest } from "./subscription-examples.ts";

/** The operations on subscriptions. */
export const subscriptionOperations = {
  "POST /v2/issuers/{organizationId}/subscriptions": {
    operationId: "createSubscriptions",
    summary: "Create webhook subscriptions.",
    description:
      "Creates all or none. Only this response shows the signing secrets. With Kard's `eventName: auditUpdate` the " +
      "subscription receives Kard's own payloads, signed as Kard signs: a receiver of Kard's webhooks needs no change. " +
      "409: such a subscription with the same URL and filters is enabled already, or the issuer has too many.",
    body: {
      schema: createSubscriptionsBody,
      example: {
        data: [
          {
            type: "subscription",
            attributes: { webhookUrl: "https://issuer.example/webhooks", eventNames: ["audit.closed"] },
          },
        ],
      },
    },
    responses: {
      201: {
        description: "The subscriptions are created.",
        schema: createdSubscriptions,
        example: { data: [aNewSubscription] },
      },
    },
    errors: [409],
  },

  "GET /v2/issuers/{organizationId}/subscriptions": {
    operationId: "listSubscriptions",
    summary: "List all subscriptions of an issuer.",
    query: listSubscriptionsQuery,
    responses: {
      200: { description: "All subscriptions.", schema: subscriptionList, example: { data: [aSubscription] } },
    },
    errors: [400],
  },

  "GET /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": {
    operationId: "getSubscription",
    summary: "Get one subscription.",
    responses: { 200: { description: "The subscription.", schema: oneSubscription, example: { data: aSubscription } } },
  },

  "PATCH /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": {
    operationId: "changeSubscription",
    summary: "Update a subscription.",
    description:
      "Missing fields stay unchanged; null removes an optional field. Enabling a subscription sends its held notifications.",
    body: {
      schema: changeSubscriptionBody,
      example: { data: { type: "subscription", attributes: { enabled: false } } },
    },
    responses: {
      200: { description: "The updated subscription.", schema: oneSubscription, example: { data: aSubscription } },
    },
    errors: [409],
  },

  "DELETE /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": {
    operationId: "deleteSubscription",
    summary: "Delete a subscription. Its held notifications are not sent.",
    responses: { 204: { description: "The subscription is deleted." } },
  },

  "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/rotate-secret": {
    operationId: "rotateSecret",
    summary: "Rotate a subscription's signing secret.",
    description:
      "The former secrets also sign for `overlapSeconds` (default: one day). Use 0 after a leak. Kard's header holds one " +
      "signature: for `auditUpdate`, the former webhook key signs until the overlap ends, and the new key after it.",
    body: { schema: rotateSecretBody, example: { overlapSeconds: 3600 }, optional: true },
    responses: { 200: { description: "The new secret.", schema: newSecret, example: { data: aNewSubscription } } },
    errors: [409],
  },

  "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/test": {
    operationId: "testSubscription",
    summary: "Send a signed test event to a subscription's endpoint.",
    description:
      "Sends a ping, or with `eventName` an example of an event. Nothing is recorded. 409: a subscription to Kard's " +
      "`auditUpdate` has no such event.",
    body: { schema: testBody, example: { eventName: "audit.closed" }, optional: true },
    responses: { 200: { description: "The outcome.", schema: testOutcome, example: { data: aTest } } },
    errors: [409],
  },
} satisfies Record<string, Operation>;
