import {
  changeSubscriptionBody,
  createSubscriptionsBody,
  rotateSecretBody,
} from "../../../../functions/subscriptions-api/subscription-input.ts";
import {
  createdSubscriptions,
  newSecret,
  oneSubscription,
  subscriptionList,
  testOutcome,
} from "../../../../functions/subscriptions-api/subscription-shapes.ts";
import type { Operation } from "./operation.ts";
import { aNewSubscription, aSubscription, aTest } from "./subscription-examples.ts";

/** The operations on subscriptions themselves. */
export const subscriptionOperations = {
  "POST /v2/issuers/{organizationId}/subscriptions": {
    operationId: "createSubscriptions",
    summary: "Subscribe webhooks.",
    description: "All or none. The answer shows the signing secrets, this once.",
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
    answers: {
      201: { description: "They are.", schema: createdSubscriptions, example: { data: [aNewSubscription] } },
    },
    errors: [409],
  },

  "GET /v2/issuers/{organizationId}/subscriptions": {
    operationId: "listSubscriptions",
    summary: "List all subscriptions of an issuer.",
    answers: { 200: { description: "All.", schema: subscriptionList, example: { data: [aSubscription] } } },
    errors: [400],
  },

  "GET /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": {
    operationId: "getSubscription",
    summary: "Show one subscription.",
    answers: { 200: { description: "The subscription.", schema: oneSubscription, example: { data: aSubscription } } },
  },

  "PATCH /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": {
    operationId: "changeSubscription",
    summary: "Change a subscription.",
    description:
      "What is not named stays; null takes away what may be left out. Enabling one sends what was held for it.",
    body: {
      schema: changeSubscriptionBody,
      example: { data: { type: "subscription", attributes: { enabled: false } } },
    },
    answers: { 200: { description: "It is changed.", schema: oneSubscription, example: { data: aSubscription } } },
  },

  "DELETE /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": {
    operationId: "deleteSubscription",
    summary: "Delete a subscription. What is held for it is given up.",
    answers: { 204: { description: "It is gone." } },
  },

  "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/rotate-secret": {
    operationId: "rotateSecret",
    summary: "Give a subscription a new signing secret.",
    description:
      "The former ones sign beside it for `overlapSeconds`: a day unless it is said otherwise, 0 after a leak.",
    body: { schema: rotateSecretBody, example: { overlapSeconds: 3600 }, optional: true },
    answers: { 200: { description: "The new secret.", schema: newSecret, example: { data: aNewSubscription } } },
  },

  "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/test": {
    operationId: "testSubscription",
    summary: "Send a signed ping to a subscription's endpoint.",
    answers: { 200: { description: "What came of it.", schema: testOutcome, example: { data: aTest } } },
  },
} satisfies Record<string, Operation>;
