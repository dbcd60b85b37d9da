import { randomUUID } from "node:crypto";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { proxyEvent } from "../../../infra/local/runner/triggers/http-payload.ts";

/** API Gateway's event for a create of one audit. */
export function createEvent(of: {
  organizationId: string;
  apiKey: string;
  transactionId: string;
}): APIGatewayProxyEventV2 {
  const path = `/v2/issuers/${of.organizationId}/users/user-1/audits`;
  const attributes = {
    ...{ transactionId: of.transactionId, auditCode: 3006, merchantName: "Caribbean Goodness" },
    auditDescription: "cashback never posted",
  };
  return proxyEvent({
    ...{ method: "POST", path, rawQuery: "", sourceIp: "127.0.0.1", at: new Date(), requestId: randomUUID() },
    headers: {
      ...{ authorization: `Bearer ${of.apiKey}`, "content-type": "application/json" },
      ...{ host: "api.invalid", "user-agent": "bench", "idempotency-key": of.transactionId },
    },
    body: Buffer.from(JSON.stringify({ data: [{ type: "audit", attributes }] })),
    ...{ apiId: "bench", account: "000000000000", routeKey: "POST /v2/issuers/{organizationId}/users/{userId}/audits" },
    pathParameters: { organizationId: of.organizationId, userId: "user-1" },
  });
}
