import { createHash } from "node:crypto";
import { PutItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { openTable } from "../../../functions/adapters/dynamodb/table/table.ts";
import { exchange, openConnections } from "../../../functions/adapters/http/exchange.ts";

/**
 * The baseline of `npm run bench -- submit`: a handler that makes the calls of a create and nothing else. It reserves a
 * slot of Kard's rate limit, stores the audit, calls Kard, claims Kard's id, and stores the acceptance. It does not
 * authenticate, check input, or recover from failures. It uses the clients of the measured function, which are faster
 * than their defaults.
 */
const { TABLE_NAME: TableName = "", KARD_API_URL: kardUrl = "" } = process.env;
const { client } = openTable(TableName);
const connections = openConnections({});
const deadlineMs = 10_000;

interface CreateBody {
  data: { attributes: { transactionId: string; auditCode: number; merchantName: string; auditDescription: string } }[];
}

const text = (S: string) => ({ S });
const number = (value: number) => ({ N: String(value) });

export async function handler({ body = "", pathParameters }: APIGatewayProxyEventV2) {
  const { organizationId = "", userId = "" } = pathParameters ?? {};
  const request = JSON.parse(body) as CreateBody;
  const attributes = request.data[0]?.attributes ?? { transactionId: "", auditCode: 0, merchantName: "" };
  const now = Date.now();
  const auditId = createHash("sha256").update(body).digest("base64url").slice(0, 24);
  const owner = { organizationId: text(organizationId), auditId: text(auditId) };
  const key = { pk: text(`AUDIT#${organizationId}#${auditId}`), sk: text("AUDIT") };

  await client.send(
    new PutItemCommand({
      ...{ TableName, ConditionExpression: "attribute_not_exists(pk)" },
      Item: {
        ...{ ...key, ...owner, userId: text(userId), status: text("SUBMITTING"), submission: text("unconfirmed") },
        request: { M: shown(attributes) },
        ...{ submitAttempts: number(1), createdAt: number(now), dueAt: number(now), sequence: number(0) },
        ...{ events: { M: {} }, lane: text(`SUBMIT#${organizationId}#0`), laneAt: number(now) },
        ...{ leasedUntil: number(now), issuer: text(organizationId), listedAt: number(now) },
        ...{
          transaction: text(`${organizationId}#${attributes.transactionId}`),
          auditCode: number(attributes.auditCode),
        },
        merchantName: text(attributes.merchantName),
      },
    }),
  );
  await client.send(
    new UpdateItemCommand({
      ...{ TableName, Key: { pk: text("KARDRATE#bench"), sk: text("SCHEDULE") }, ReturnValues: "ALL_NEW" },
      UpdateExpression: "SET nextAt = :next, expiresAt = :expiresAt",
      ExpressionAttributeValues: { ":next": number(now), ":expiresAt": number(now) },
    }),
  );
  const kardAuditId = await createAtKard(`/v2/issuers/${organizationId}/users/${userId}/audits`, body);
  await client.send(
    new UpdateItemCommand({
      ...{ TableName, Key: { pk: text(`KARDAUDIT#${kardAuditId}`), sk: text("OWNER") } },
      UpdateExpression: "SET organizationId = :organizationId, auditId = :auditId",
      ConditionExpression: "attribute_not_exists(pk)",
      ExpressionAttributeValues: { ":organizationId": owner.organizationId, ":auditId": owner.auditId },
    }),
  );
  await client.send(
    new UpdateItemCommand({
      ...{ TableName, Key: key, ConditionExpression: "attribute_exists(pk) AND #status = :seen" },
      UpdateExpression: "SET #status = :status, kardAuditId = :id, lane = :lane, laneAt = :now REMOVE leasedUntil",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: {
        ...{ ":seen": text("SUBMITTING"), ":status": text("NEW"), ":id": text(kardAuditId) },
        ...{ ":lane": text(`OPEN#${organizationId}#0`), ":now": number(now) },
      },
    }),
  );
  const data = [{ type: "audit", id: auditId, attributes: { transactionId: attributes.transactionId } }];
  return { statusCode: 201, body: JSON.stringify({ data }) };
}

function shown(attributes: object) {
  const entries = Object.entries(attributes) as [string, string | number][];
  return Object.fromEntries(
    entries.map(([name, value]) => [name, typeof value === "number" ? number(value) : text(value)]),
  );
}

async function createAtKard(path: string, body: string): Promise<string> {
  const headers = { authorization: "Bearer bench", "content-type": "application/json" };
  const response = await exchange(connections, { origin: kardUrl, path, method: "POST", headers, body }, deadlineMs);
  const { data } = JSON.parse(response.body.toString()) as { data: { id: string }[] };
  return data[0]?.id ?? "";
}
