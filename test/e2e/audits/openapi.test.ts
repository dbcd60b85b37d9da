import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { Pool, request } from "undici";
import * as z from "zod";
import { notificationId } from "../../../functions/core/notifications/notification-id.ts";
import { contractFolder } from "../../../infra/commands/contract/contract-files.ts";
import { type ApiResponse, expectDocumented, expectMethodNotAllowed } from "../../support/openapi/check-response.ts";
import { openApiDocument } from "../../support/openapi/openapi-document.ts";
import { type ApiRequest, assemble, rightRequests, type Setting } from "../../support/openapi/requests.ts";
import { wrongMethod, wrongRequests } from "../../support/openapi/wrong-requests.ts";
import { share } from "../../support/share.ts";
import { auditFields, issuerOf } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";
import { subscribe } from "../support/webhooks/webhooks.ts";

// A share of the requests of test/openapi/requests.test.ts, over HTTP, through the template's API, to its functions and
// its table.

const rightRuns = Number(process.env.OPENAPI_RIGHT_HTTP_REQUESTS ?? 10);
const wrongRuns = Number(process.env.OPENAPI_WRONG_HTTP_REQUESTS ?? 10 * share);
const document = openApiDocument();

const product = await startProduct({ tickSeconds: never, push: false });
// The document allows any integer: whether it is a code is Kard's to say.
product.kard.configure({ auditCodes: null });
const { outputs, owner, kard, auditsAtKard } = product;
const receiver = await product.newWebhookReceiver();

/** A new issuer with an open audit, a closed audit and its notification. */
async function settingFor(): Promise<Setting> {
  const issuer = await product.newIssuer();
  const { organizationId, apiKey } = issuer;
  const { apiKey: apiKeyWithoutScopes } = await issuerOf(outputs, { organizations: [organizationId], scopes: [] });
  const { id: subscriptionId } = await subscribe(issuer, receiver.url);
  const [open, closed] = [auditFields(), auditFields()];
  const auditIds = [await issuer.file(open), await issuer.file(closed)];
  const kardIds = [open, closed].map(({ transactionId }) => auditsAtKard(transactionId)[0]?.id ?? "");
  kard.closeAudit(kardIds[1] ?? "", { resolutionCode: 5004, resolutionDescription: "Reward dispute resolved" });
  await issuer.call("POST", `/v2/issuers/${organizationId}/audits/${auditIds[1]}/refresh`);
  const [notification] = await until("the notification is delivered", async () => {
    const { attributes } = await issuer.audit(auditIds[1] ?? "");
    const of = attributes.notifications.filter((each) => each.subscriptionId === subscriptionId);
    return of.some(({ status }) => status === "delivered") && of;
  });
  return {
    ...{ apiKey, apiKeyWithoutScopes, organizationId, webhookKey: "sandbox-webhook-key" },
    ids: {
      organizationId: [organizationId],
      auditId: [...auditIds, ...kardIds],
      subscriptionId: [subscriptionId],
      notificationId: [z.string().parse(notification?.id)],
    },
    known: {
      kardAuditId: kardIds,
      id: kardIds,
      transactionId: [open.transactionId],
      client_id: [apiKey.slice(4, 16)],
      client_secret: [apiKey],
    },
  };
}

// A pool keeps paths unchanged, while a URL removes "..".
const pool = new Pool(outputs.ApiUrl);
afterAll(() => pool.close());

async function send({ method, target, headers, body }: ApiRequest): Promise<ApiResponse> {
  const response = await pool.request({ method: method as "GET", path: target, headers, body: body ?? null });
  const given = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
  return { status: response.statusCode, headers: Object.fromEntries(given), text: await response.body.text() };
}

/** Thousands of requests of an operation take minutes. */
const patienceMs = 1_200_000;

/** For the invalid requests, which change nothing. */
const untouched = await settingFor();

/** The statuses that no right request may meet; whether what it names is there changes while the others are made. */
const unfair = [400, 401, 403, 413, 415, 500];

describe.each(document.operations.map((operation) => [operation.route, operation] as const))("%s", (_, operation) => {
  test(
    `accepts ${rightRuns} valid requests`,
    async () => {
      const setting = await settingFor();
      await fc.assert(
        fc.asyncProperty(rightRequests(operation, document, setting), async (parts) => {
          const response = await send(assemble(operation, parts, setting));
          expectDocumented(operation, response);
          const isRefusedClient = operation.operationId === "createToken" && response.status === 401;
          // The deployment lists one account for targets.
          const isRefusedTarget = String(parts.body).includes('"target"') && response.status === 400;
          if (unfair.includes(response.status) && !isRefusedClient && !isRefusedTarget)
            throw new Error(`${response.status}: ${response.text}`);
        }),
        { numRuns: rightRuns, endOnFailure: true },
      );
    },
    patienceMs,
  );

  test(
    `refuses ${wrongRuns} invalid requests`,
    async () => {
      const kinds = Object.entries(wrongRequests(operation, document, untouched));
      const any = fc.oneof(...kinds.map(([kind, requests]) => requests.map((parts) => ({ kind, parts }))));
      await fc.assert(
        fc.asyncProperty(any, async ({ kind, parts }) => {
          const response = await send(assemble(operation, parts, untouched));
          if (response.status < 400) throw new Error(`it was accepted: ${response.status} ${response.text}`);
          if (kind === wrongMethod) expectMethodNotAllowed(operation, response);
          else expectDocumented(operation, response);
        }),
        { numRuns: wrongRuns, endOnFailure: true },
      );
    },
    patienceMs,
  );
});

test("the API serves the published document", async () => {
  const { statusCode, body } = await request(`${outputs.ApiUrl}/openapi.json`);
  expect(statusCode).toBe(200);
  expect(await body.json()).toEqual(JSON.parse(readFileSync(join(contractFolder, "openapi.json"), "utf8")));
});

test.each([
  ["an audit longer than a key", { auditId: "x".repeat(3_000), sequence: 1, subscriptionId: "s" }],
  ["a subscription longer than a key", { auditId: "a", sequence: 1, subscriptionId: "x".repeat(2_000) }],
  ["a number out of range", { auditId: "a", sequence: 1e300, subscriptionId: "s" }],
])("a forged notification id of %s is a 404", async (_, forged) => {
  const path = `/v2/issuers/${owner.organizationId}/notifications/${notificationId(forged)}`;
  expect(await owner.call("GET", path)).toMatchObject({ status: 404 });
  expect(await owner.call("POST", `${path}/replay`)).toMatchObject({ status: 404 });
});
