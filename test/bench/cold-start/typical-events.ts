import { randomBytes, randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoApiKeys } from "../../../functions/adapters/dynamodb/api-keys.ts";
import { openTable } from "../../../functions/adapters/dynamodb/table/table.ts";
import { issueApiKey } from "../../../functions/core/access/api-key.ts";
import { kardSignature } from "../../../functions/core/kard/kard-signature.ts";
import { shards } from "../../../functions/core/shared/lanes.ts";
import { operatorCredentials } from "../../../infra/local/runner/operator-credentials.ts";
import { proxyEvent } from "../../../infra/local/runner/triggers/http-payload.ts";
import { aSubscription } from "../../support/sample-audits.ts";
import { firstDeliveries, messageOf, storeDeliveries } from "../delivering/first-deliveries.ts";
import { createEvent } from "../submit/create-event.ts";

const organizationId = "bench";

/** Stores what the events of `typicalEvents` need: an API key and a subscription with a delivery. */
export async function storeForEvents(table: { awsEndpoint: string; tableName: string }, webhookUrl: string) {
  const client = new DynamoDBClient({ endpoint: table.awsEndpoint, ...operatorCredentials });
  const { text: apiKey, apiKey: stored } = issueApiKey(
    { organizations: [organizationId], scopes: ["audit:write", "notifications:read"] },
    randomBytes,
    Date.now(),
  );
  await dynamoApiKeys(openTable(table.tableName, client)).create(stored);
  client.destroy();
  const subscription = aSubscription({ webhookUrl });
  const deliveries = firstDeliveries(subscription, 1);
  await storeDeliveries(table, subscription, deliveries);
  return { apiKey, deliveries };
}

/**
 * A typical first event of each function: a create, a list, a push, a poll and a sweep without due rows, and a webhook.
 */
export function typicalEvents({ apiKey, deliveries }: Awaited<ReturnType<typeof storeForEvents>>) {
  const push = JSON.stringify({
    data: {
      ...{ type: "auditUpdate", id: "push-1", attributes: { status: "CLOSED" } },
      relationships: { audit: { data: { type: "audit", id: "kard-1" } } },
    },
    meta: { issuerId: organizationId },
  });
  const request = {
    ...{ rawQuery: "", sourceIp: "127.0.0.1", at: new Date(), requestId: randomUUID(), apiId: "bench" },
    ...{ account: "000000000000", pathParameters: { organizationId } },
  };
  return {
    "audits-api": createEvent({ organizationId, apiKey, transactionId: randomUUID() }),
    "subscriptions-api": proxyEvent({
      ...{ ...request, method: "GET", path: `/v2/issuers/${organizationId}/subscriptions`, body: Buffer.alloc(0) },
      ...{ routeKey: "GET /v2/issuers/{organizationId}/subscriptions", headers: { authorization: `Bearer ${apiKey}` } },
    }),
    "kard-webhook": proxyEvent({
      ...{ ...request, method: "POST", path: `/kard/${organizationId}/notifications`, body: Buffer.from(push) },
      routeKey: "POST /kard/{organizationId}/notifications",
      headers: { "content-type": "application/json", "notify-signature": kardSignature("bench", push) },
    }),
    "poll-audits": { shards },
    "sweep-outbox": {},
    "deliver-webhooks": {
      Records: deliveries.map((delivery) => ({
        ...{ messageId: "1", body: messageOf(delivery), attributes: { ApproximateReceiveCount: "1" } },
      })),
    },
  };
}
