import { randomBytes, randomUUID } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { expect } from "@jest/globals";
import { request } from "undici";
import * as z from "zod";
import { dynamoApiKeys } from "../../../functions/adapters/dynamodb/api-keys.ts";
import { openTable } from "../../../functions/adapters/dynamodb/table/table.ts";
import { issueApiKey, type Scope, scope } from "../../../functions/core/access/api-key.ts";
import type { ApiKeyStore } from "../../../functions/core/access/ports.ts";
import type { LocalOutputs } from "../../../infra/local/local-tracker.ts";
import { timesLonger } from "../../../infra/local/runner/lambda/machine-load.ts";
import { operatorCredentials } from "../../../infra/local/runner/operator-credentials.ts";
import { until } from "./until.ts";

export interface ApiResponse {
  status: number;
  headers: Readonly<Record<string, string>>;
  text: string;
  /** The body as JSON; `undefined` if it is not JSON. */
  json: unknown;
}

export interface CallOptions {
  /** Sent as JSON; text is sent unchanged. */
  body?: unknown;
  /** Additional headers, besides the key and the content type of a body. An empty value removes a header. */
  headers?: Record<string, string>;
}

type Method = "GET" | "POST" | "PATCH" | "DELETE" | "PUT";

/** Calls a tracker with a key. */
export async function call(
  apiUrl: string,
  apiKey: string | undefined,
  method: Method,
  path: string,
  { body, headers = {} }: CallOptions = {},
): Promise<ApiResponse> {
  const sent: Record<string, string> = {
    ...(apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...headers,
  };
  const response = await request(apiUrl + path, {
    method,
    headers: Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== "")),
    body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
  });
  const text = await response.body.text();
  expect(response.headers["x-request-id"]).toMatch(/^\S{8,}$/);
  return {
    status: response.statusCode,
    headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
    text,
    json: parse(text),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An issuer's backend with an API key of its own. */
export interface Issuer {
  organizationId: string;
  apiKey: string;
  call(method: Method, path: string, options?: CallOptions): Promise<ApiResponse>;
  /** Posts Kard's Create Audits for a user. */
  create(requests: readonly AuditFields[], options?: CallOptions & { userId?: string }): Promise<ApiResponse>;
  /** Creates one audit that Kard accepts. Returns the tracker's id. */
  file(fields: Partial<AuditFields>): Promise<string>;
  /** Reads one audit from the tracker. */
  audit(auditId: string): Promise<AuditResource>;
}

export interface AuditFields {
  transactionId: string;
  auditCode: number;
  merchantName: string;
  auditDescription: string;
  reference?: string;
}

const auditShape = z.looseObject({
  id: z.string(),
  attributes: z.looseObject({
    status: z.string(),
    submission: z.string(),
    kardAuditId: z.string().optional(),
    sequence: z.number(),
    timeline: z.array(z.looseObject({ what: z.string(), at: z.string() })).default([]),
    notifications: z.array(z.looseObject({ sequence: z.number(), status: z.string() })).default([]),
  }),
});
type AuditResource = z.infer<typeof auditShape>;

const createdAudits = z.object({ data: z.array(z.looseObject({ id: z.string() })) });

/** The audit ids in a response. */
export function idsIn({ json }: ApiResponse): string[] {
  return createdAudits.parse(json).data.map(({ id }) => id);
}

/** Fields of an audit. Missing fields get defaults, with a new transaction each time. */
export function auditFields(given: Partial<AuditFields> = {}): AuditFields {
  return {
    transactionId: `txn-${randomUUID()}`,
    auditCode: 3006,
    merchantName: "Café Zoé",
    auditDescription: "the cashback is missing",
    ...given,
  };
}

export interface KeyGrant {
  organizations?: readonly string[];
  scopes?: readonly Scope[];
  /** Epoch milliseconds. */
  validUntil?: number;
}

/** The tracker's API key store, with the operator's credentials. */
export function apiKeysOf({ TableName, DynamoDbEndpoint: endpoint }: LocalOutputs): ApiKeyStore {
  return dynamoApiKeys(openTable(TableName, new DynamoDBClient({ endpoint, ...operatorCredentials })));
}

/** Issues an API key. Default: all scopes, for a new organization. */
export async function issuerOf(outputs: LocalOutputs, grant: KeyGrant = {}): Promise<Issuer> {
  const { organizations = [`organization-${randomUUID()}`], scopes = scope.options, validUntil } = grant;
  const granted = { organizations: [...organizations], scopes: [...scopes], validUntil };
  const { text, apiKey } = issueApiKey(granted, randomBytes, Date.now());
  await apiKeysOf(outputs).create(apiKey);
  return issuerWith(outputs.ApiUrl, organizations[0] ?? "", text);
}

/** An issuer with an API key. */
export function issuerWith(apiUrl: string, organizationId: string, apiKey: string): Issuer {
  const issuer: Issuer = {
    organizationId,
    apiKey,
    call: (method, path, options) => call(apiUrl, apiKey, method, path, options),
    create(requests, { userId = "user-1", ...options } = {}) {
      const data = requests.map((attributes) => ({ type: "audit", attributes }));
      return issuer.call("POST", `/v2/issuers/${organizationId}/users/${userId}/audits`, {
        body: { data },
        ...options,
      });
    },
    async file(fields) {
      const response = await issuer.create([auditFields(fields)]);
      const [id = ""] = idsIn(response);
      // On a busy machine a call can miss the product's time limit. The audit is then confirmed later.
      const isLate = response.status === 202 && timesLonger() > 1;
      if (isLate) await until("Kard has the audit", async () => (await issuer.audit(id)).attributes.kardAuditId);
      else expect(response).toMatchObject({ status: 201 });
      return id;
    },
    async audit(auditId) {
      const { json } = await issuer.call("GET", `/v2/issuers/${organizationId}/audits/${auditId}`);
      return z.object({ data: auditShape }).parse(json).data;
    },
  };
  return issuer;
}
