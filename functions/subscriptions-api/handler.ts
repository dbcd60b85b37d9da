import { randomBytes, randomUUID } from "node:crypto";
import { dynamoApiKeys } from "../adapters/dynamo-api-keys.ts";
import { dynamoSubscriptions } from "../adapters/dynamo-subscriptions.ts";
import { openTable } from "../adapters/dynamo-table.ts";
import { authenticator } from "../core/authenticate.ts";
import { readEnvironment } from "../platform/environment.ts";
import { httpFunction } from "../platform/http.ts";
import { errorObject, HttpError, httpError } from "../platform/http-error.ts";
import { readJson } from "../platform/json-body.ts";
import { createSubscriptions } from "./create-subscriptions.ts";
import { subscriptionsApiEnvironment } from "./environment.ts";
import { subscriptionsApiRoutes } from "./routes.ts";
import { createSubscriptionsBody } from "./subscription-input.ts";
import { newSubscriptionResource, subscriptionResource } from "./subscription-resource.ts";

const environment = readEnvironment(subscriptionsApiEnvironment);
const clock = Date.now;
const table = openTable(environment.TABLE_NAME);
const subscriptions = dynamoSubscriptions(table);
const create = createSubscriptions({
  subscriptions,
  webhookTargets: environment.WEBHOOK_TARGETS,
  clock,
  randomBytes,
  randomUuid: randomUUID,
});

export const handler = httpFunction({
  scopes: subscriptionsApiRoutes,
  authenticate: authenticator({ apiKeys: dynamoApiKeys(table), clock }),
  routes: {
    "POST /v2/issuers/{organizationId}/subscriptions": {
      async respond({ parameters, body }) {
        const { data } = readJson(createSubscriptionsBody, body);
        const inputs = data.map(({ attributes }) => attributes);
        const outcome = await create(parameters.organizationId ?? "", inputs);
        switch (outcome.outcome) {
          case "created":
            return { statusCode: 201, body: { data: outcome.subscriptions.map(newSubscriptionResource) } };
          case "urls-refused":
            throw new HttpError(
              400,
              outcome.refusals.map(({ position, reason }) =>
                errorObject(400, reason, { pointer: `/data/${position}/attributes/webhookUrl` }),
              ),
            );
          case "too-many":
            throw httpError(409, `an issuer has at most ${outcome.most} subscriptions`);
        }
      },
    },

    "GET /v2/issuers/{organizationId}/subscriptions": {
      async respond({ parameters }) {
        const data = await subscriptions.list(parameters.organizationId ?? "");
        return { statusCode: 200, body: { data: data.map(subscriptionResource) } };
      },
    },
  },
});
