import { type DeliveryFiguresDeps, deliveryFigures } from "../../core/notifications/delivery-figures.ts";
import type { HeldNotifications } from "../../core/notifications/ports.ts";
import { isFor } from "../../core/subscriptions/kard-compatible.ts";
import type { SubscriptionStore } from "../../core/subscriptions/ports.ts";
import type { Subscription } from "../../core/subscriptions/subscription.ts";
import { issuerOf, type Route } from "../../platform/http.ts";
import { errorObject, HttpError, httpError, tooManyRequests } from "../../platform/http-error.ts";
import { type Body, readJson, readQuery } from "../../platform/json-body.ts";
import { type CreateSubscriptionsDeps, createSubscriptions } from "./create-subscriptions.ts";
import { figuresResource } from "./delivery-figures-shapes.ts";
import { findSubscription, noSuchSubscription, subscriptionKeyOf } from "./find-subscription.ts";
import { type RotateSecretDeps, rotateSecret } from "./rotate-secret.ts";
import { type SendTestDeps, sendTest } from "./send-test.ts";
import {
  changeSubscriptionBody,
  createSubscriptionsBody,
  listSubscriptionsQuery,
  rotateSecretBody,
  testBody,
} from "./subscription-input.ts";
import { newSubscriptionResource, subscriptionResource } from "./subscription-resource.ts";
import { type TestLimitDeps, testLimit } from "./test-limit.ts";
import { type UnfitField, type UpdateSubscriptionDeps, updateSubscription } from "./update-subscription.ts";

export interface SubscriptionRoutesDeps
  extends CreateSubscriptionsDeps,
    RotateSecretDeps,
    SendTestDeps,
    TestLimitDeps,
    DeliveryFiguresDeps,
    UpdateSubscriptionDeps {
  subscriptions: SubscriptionStore;
  notifications: UpdateSubscriptionDeps["notifications"] & DeliveryFiguresDeps["notifications"];
  heldNotifications: HeldNotifications;
}

/** Held notifications are counted up to this number, because a count reads each index row. */
const maxHeldCounted = 1_000;

const anotherKind = "an auditUpdate subscription stays one, and no other becomes one: create another";
const unfitReasons: Record<UnfitField, string> = {
  eventName: anotherKind,
  eventNames: anotherKind,
  payload: "is not for auditUpdate, which has Kard's payload",
  target: "is not for auditUpdate, which goes to webhooks",
  headers: "are for another address: give them again, or set them to null, as for a target",
};

/** The subscription routes: each parses the request, makes one call and maps its result. */
export function subscriptionRoutes(deps: SubscriptionRoutesDeps) {
  return {
    "POST /v2/issuers/{organizationId}/subscriptions": {
      async respond(request) {
        const { data } = readJson(createSubscriptionsBody, request.body);
        const inputs = data.map(({ attributes }) => attributes);
        const outcome = await createSubscriptions(deps)(issuerOf(request), inputs);
        switch (outcome.outcome) {
          case "created":
            return { statusCode: 201, body: { data: outcome.subscriptions.map(newSubscriptionResource) } };
          case "endpoints-refused":
            throw new HttpError(
              400,
              outcome.refusals.map(({ position, field, reason }) =>
                errorObject(400, reason, { pointer: `/data/${position}/attributes/${field}` }),
              ),
            );
          case "exist":
            throw new HttpError(
              409,
              outcome.conflicts.map(({ position, subscriptionId }) =>
                errorObject(
                  409,
                  `subscription ${subscriptionId} sends auditUpdate to this URL already: use it, and rotate its secret ` +
                    "to get a webhookKey",
                  { pointer: `/data/${position}/attributes/webhookUrl` },
                ),
              ),
            );
          case "too-many":
            throw httpError(409, `an issuer has at most ${outcome.most} subscriptions`);
        }
      },
    },

    "GET /v2/issuers/{organizationId}/subscriptions": {
      async respond(request) {
        const { eventNames } = readQuery(listSubscriptionsQuery, request.query);
        const all = await deps.subscriptions.listInFull(issuerOf(request));
        const isListed = (subscription: Subscription) =>
          eventNames === undefined || eventNames.some((name) => isFor(subscription, name));
        return { statusCode: 200, body: { data: all.filter(isListed).map(subscriptionResource) } };
      },
    },

    "GET /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": {
      async respond(request) {
        const subscription = await findSubscription(deps.subscriptions, request);
        const [heldNotifications, figures] = await Promise.all([
          deps.heldNotifications.count(subscription, maxHeldCounted),
          deliveryFigures(deps)(subscription),
        ]);
        const { attributes, ...resource } = subscriptionResource(subscription);
        const shown = { heldNotifications, figures: figuresResource(figures) };
        const data = { ...resource, attributes: { ...attributes, ...shown } };
        return { statusCode: 200, body: { data } };
      },
    },

    "PATCH /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": {
      async respond(request) {
        const { data } = readJson(changeSubscriptionBody, request.body);
        const outcome = await updateSubscription(deps)(subscriptionKeyOf(request), data.attributes);
        switch (outcome.outcome) {
          case "updated":
            return { statusCode: 200, body: { data: subscriptionResource(outcome.subscription) } };
          case "endpoint-refused":
            throw httpError(400, outcome.reason, { pointer: `/data/attributes/${outcome.field}` });
          case "unfit":
            throw httpError(409, unfitReasons[outcome.field], { pointer: `/data/attributes/${outcome.field}` });
          case "missing":
            throw noSuchSubscription();
        }
      },
    },

    "DELETE /v2/issuers/{organizationId}/subscriptions/{subscriptionId}": {
      async respond(request) {
        const { organizationId, subscriptionId } = subscriptionKeyOf(request);
        const outcome = await deps.subscriptions.delete(organizationId, subscriptionId, deps.clock());
        if (outcome === "missing") throw noSuchSubscription();
        return { statusCode: 204 };
      },
    },

    "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/rotate-secret": {
      async respond(request) {
        const input = readJson(rotateSecretBody, orEmpty(request.body));
        const outcome = await rotateSecret(deps)(subscriptionKeyOf(request), input);
        switch (outcome.outcome) {
          case "rotated":
            return { statusCode: 200, body: { data: newSubscriptionResource(outcome.subscription) } };
          case "unfit":
            throw httpError(409, "is not how this subscription is signed", { pointer: `/${outcome.field}` });
          case "missing":
            throw noSuchSubscription();
        }
      },
    },

    "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/test": {
      async respond(request) {
        const { eventName } = readJson(testBody, orEmpty(request.body));
        const subscription = await findSubscription(deps.subscriptions, request);
        const waitSeconds = await testLimit(deps)(subscription.organizationId);
        if (waitSeconds !== undefined) throw tooManyRequests(waitSeconds, "too many tests of the issuer's endpoints");
        const outcome = await sendTest(deps)(subscription, eventName);
        switch (outcome.outcome) {
          case "sent":
            return { statusCode: 200, body: { data: outcome.test } };
          case "unfit":
            throw httpError(409, "is not an event of auditUpdate", { pointer: "/eventName" });
        }
      },
    },
  } satisfies Record<string, Route>;
}

/** An empty body means the defaults. */
function orEmpty(body: Body): Body {
  return body.bytes.length > 0 ? body : { bytes: Buffer.from("{}"), contentType: "application/json" };
}
