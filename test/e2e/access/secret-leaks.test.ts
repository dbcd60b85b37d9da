import { randomBytes } from "node:crypto";
import { afterAll, expect, test } from "@jest/globals";
import * as z from "zod";
import { synthesize } from "../../../infra/local/synthesize.ts";
import { newSigner, startIdentityServer } from "../../support/identity-server.ts";
import { documentedMessages } from "../../support/privacy-page.ts";
import { auditFields, type CallOptions } from "../support/issuer.ts";
import { startProduct } from "../support/product.ts";
import { type Canary, leaks } from "../support/secrets/canaries.ts";
import { collectEvidence } from "../support/secrets/evidence.ts";
import { misplaced } from "../support/secrets/misplaced-secrets.ts";
import { until } from "../support/until.ts";
import { startEchoingEndpoint } from "../support/webhooks/echoing-endpoint.ts";

const canaries: Canary[] = [];
const plant = (name: string, secret = `canary-${randomBytes(18).toString("base64url")}`) => {
  canaries.push({ name, secret });
  return secret;
};
const ownSecret = (name: string) => `whsec_${plant(name, randomBytes(32).toString("base64"))}`;

process.env.KARD_CLIENT_SECRET = plant("Kard's client secret");
process.env.KARD_WEBHOOK_KEY = plant("Kard's webhook key");

const signer = await newSigner("key-1");
const identityServer = await startIdentityServer(signer.jwk);
const identityProvider = {
  ...{ issuer: "https://id.example/", audience: "audits", jwksUrl: identityServer.jwksUrl },
  organizationsClaim: "organizations",
};
const { owner, kard, auditsAtKard, outputs, stack, faults, resolutions } = await startProduct({
  synthesize,
  // So that Kard's client secret is sent in a body.
  inFront: async (given) => ({ ...given, tokenRequest: "json" }),
  context: { identityProvider: JSON.stringify(identityProvider) },
});
const { organizationId } = owner;
const token = await signer.sign({
  ...{ iss: identityProvider.issuer, aud: identityProvider.audience, sub: "somebody" },
  ...{ exp: Math.floor(Date.now() / 1_000) + 3_600, organizations: [organizationId] },
  scope: "audit:read audit:write notifications:read notifications:write",
});
plant("the API key", outputs.ApiKey.split("_")[2]);
plant("the identity token", token.split(".")[2]);

const endpoint = await startEchoingEndpoint();
const webhookUrl = endpoint.url;

const evidence = collectEvidence({ stack, faults, outputs, resolutions }, endpoint.bodies);
const ask = (
  method: Parameters<typeof evidence.ask>[0],
  path: string,
  options: CallOptions = {},
  apiKey = owner.apiKey,
  showsSecret = false,
) => evidence.ask(method, path, options, apiKey, showsSecret);
afterAll(async () => {
  evidence.stop();
  endpoint.stop();
  await identityServer.stop();
});

const base = `/v2/issuers/${organizationId}`;
const created = z.object({ data: z.tuple([z.object({ id: z.string(), attributes: z.looseObject({}) })]) });
async function subscribe(attributes: Record<string, unknown>): Promise<string> {
  const body = { data: [{ type: "subscription", attributes: { webhookUrl, ...attributes } }] };
  const { json } = await ask("POST", `${base}/subscriptions`, { body }, owner.apiKey, true);
  const [{ id, attributes: shown }] = created.parse(json).data;
  if (attributes.secret === undefined && shown.secret !== undefined) {
    plant("a webhook secret of ours", String(shown.secret).slice("whsec_".length));
  }
  return id;
}

test("subscriptions are created, changed, tested and rotated", async () => {
  const headers = { authorization: `Bearer ${plant("a header")}`, "x-api-key": plant("another header") };
  const id = await subscribe({ secret: ownSecret("a subscriber's own secret"), headers });
  await subscribe({ headers: { cookie: `session=${plant("a cookie")}; path=/` } });
  const ofKeyPair = await subscribe({ signing: "ed25519" });
  const ofKard = await subscribe({ eventName: "auditUpdate", webhookKey: plant("a webhook key of Kard's format") });
  const changed = { headers: { authorization: `Basic ${plant("a changed header")}` }, description: "books" };
  const path = `${base}/subscriptions/${id}`;
  for (const apiKey of [owner.apiKey, token]) {
    await ask("GET", `${base}/subscriptions`, {}, apiKey);
    await ask("GET", path, {}, apiKey);
    expect(await ask("POST", `${path}/test`, {}, apiKey)).toMatchObject({
      status: 200,
      text: expect.stringContaining('"statusCode":500,"body":""'),
    });
  }
  const body = { data: { type: "subscription", attributes: changed } };
  expect(await ask("PATCH", path, { body })).toMatchObject({ status: 200 });
  const rotation = { body: { secret: ownSecret("a rotated secret of the subscriber's own") } };
  expect(await ask("POST", `${path}/rotate-secret`, rotation, owner.apiKey, true)).toMatchObject({ status: 200 });
  const { json } = await ask("POST", `${path}/rotate-secret`, {}, owner.apiKey, true);
  const { secret } = z.object({ data: z.object({ attributes: z.object({ secret: z.string() }) }) }).parse(json)
    .data.attributes;
  plant("a rotated secret of ours", secret.slice("whsec_".length));
  const pair = (await evidence.rows()).find(({ sk }) => sk === `SUBSCRIPTION#${ofKeyPair}`);
  const [kept] = z.array(z.object({ secret: z.string() })).parse(pair?.secrets);
  plant("a private key", kept?.secret.slice("whsk_".length).slice(0, 40));
  for (const one of [id, ofKeyPair, ofKard]) await ask("POST", `${base}/subscriptions/${one}/test`);
});

test("an access token is given for the API key", async () => {
  const body = { client_id: outputs.ApiKey.slice(4, 16), client_secret: outputs.ApiKey };
  expect(await ask("POST", "/v2/auth/token", { body }, owner.apiKey, true)).toMatchObject({ status: 200 });
});

test("audits are filed and closed, with an endpoint that fails and echoes headers", async () => {
  const fields = auditFields();
  const file = { body: { data: [{ type: "audit", attributes: fields }] } };
  expect(await ask("POST", `${base}/users/user-1/audits`, file, token)).toMatchObject({ status: 201 });
  kard.closeAudit(auditsAtKard(fields.transactionId)[0]?.id ?? "");
  const listed = z.object({ data: z.array(z.object({ id: z.string(), attributes: z.looseObject({}) })) });
  const notifications = async () => listed.parse((await ask("GET", `${base}/notifications`)).json).data;
  await until("four endpoints have failed", async () => {
    const failed = (await notifications()).filter(({ attributes }) => attributes.statusCode === 500);
    return failed.length === 4;
  });
  endpoint.respondWith(204);
  for (const { id } of await notifications()) {
    await ask("GET", `${base}/notifications/${id}`);
    expect((await ask("POST", `${base}/notifications/${id}/replay`)).status).toBeLessThan(300);
  }
  for (const { id } of listed.parse((await ask("GET", `${base}/audits`)).json).data) {
    await ask("GET", `${base}/audits/${id}`);
    await ask("POST", `${base}/audits/${id}/refresh`);
    await ask("GET", `/transactions/audit/${id}`);
  }
  await until("it is on the queue", () => resolutions.received.length > 0);
});

test.each([
  ["is down", { outage: true }],
  ["fails", { status5xx: 1 }],
  ["cuts connections", { dropConnection: 1 }],
  ["refuses our credentials", { unauthorized: true }],
])("audits are filed while Kard %s", async (_, settings) => {
  kard.configure(settings);
  const file = { body: { data: [{ type: "audit", attributes: auditFields() }] } };
  expect(await ask("POST", `${base}/users/user-1/audits`, file)).toMatchObject({ status: 202 });
  await ask("POST", "/transactions/audit", {
    body: { ...auditFields(), preferredContactEmail: "a@example.com", issuer: "Bank" },
  });
  await stack.tick();
  kard.configure({ outage: false, status5xx: 0, dropConnection: 0, unauthorized: false });
});

test("secrets are sent in wrong places", async () => {
  for (const secret of [...canaries.map((canary) => canary.secret), outputs.ApiKey, token]) {
    const requests = misplaced(secret, organizationId, webhookUrl);
    const refusals = await Promise.all(requests.map(async (request) => (await ask(...request)).status));
    expect(refusals.filter((refusal) => refusal < 400 || refusal >= 500)).toEqual([]);
  }
});

test("no secret is in any readable data", async () => {
  const found = await evidence.everything();
  for (const kind of ["the response", "a message", "a log line", "the row", "an event"]) {
    expect(found.filter(({ where }) => where.startsWith(kind)).length).toBeGreaterThan(2);
  }
  expect(found.filter(({ text }) => text.includes('"CloudWatchMetrics"')).length).toBeGreaterThan(0);
  expect(canaries.length).toBeGreaterThanOrEqual(13);
  expect(leaks(canaries, found)).toEqual([]);
});

test("the search finds secrets in every encoding", async () => {
  const shown = canaries
    .filter((canary) => leaks([canary], evidence.firstResponses).length > 0)
    .map(({ name }) => name);
  expect(shown).toEqual(expect.arrayContaining(["a subscriber's own secret", "a rotated secret of ours"]));
  const inTheTable = leaks(canaries, [{ where: "the table", text: JSON.stringify(await evidence.rows()) }]);
  expect(inTheTable).toEqual(expect.arrayContaining(["a changed header in the table", "a private key in the table"]));
  expect(inTheTable).not.toContain("the API key in the table");
  const writings = [
    (secret: string) => `x${secret}x`,
    (secret: string) => `https://issuer.example/?key=${encodeURIComponent(secret)}`,
    (secret: string) => JSON.stringify({ message: JSON.stringify({ secret }) }),
    (secret: string) => Buffer.from(secret).toString("hex"),
    ...["", "u", "us", "user:"].map(
      (before) => (secret: string) => Buffer.from(`${before}${secret}.`).toString("base64"),
    ),
  ];
  for (const canary of canaries) {
    for (const write of writings) {
      expect(leaks([canary], [{ where: "a note", text: write(canary.secret) }])).toEqual([`${canary.name} in a note`]);
    }
  }
});

const fieldsOfAll = ["level", "message", "timestamp", "service", "requestId", "sampling_rate", "xray_trace_id"];

/** The names of all fields, including nested ones. */
function namesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)]);
}

test("the logs contain the fields that docs/privacy.md lists", () => {
  const records = stack.logs.map(({ line }) => z.looseObject({ service: z.string() }).parse(JSON.parse(line)));
  const metrics = records.filter((record) => "_aws" in record);
  expect(metrics.length).toBeGreaterThan(0);
  const numbers = z.record(z.string(), z.union([z.number(), z.array(z.number())]));
  for (const { _aws, service: _, ...values } of metrics) expect(numbers.safeParse(values).error).toBeUndefined();

  const logged = new Map<string, Set<string>>();
  for (const record of records.filter((one) => !("_aws" in one))) {
    const names = logged.get(String(record.message)) ?? new Set();
    logged.set(String(record.message), names);
    for (const name of namesIn(record)) if (!fieldsOfAll.includes(name)) names.add(name);
  }
  for (const message of ["an audit has a new status", "attempts", "tick", "sweep"])
    expect([...logged.keys()]).toContain(message);
  for (const [message, names] of logged) {
    const documented = documentedMessages.get(message) ?? [];
    // Only for ticks that end early or defer an audit, and for responses that cannot be parsed.
    const isOptional = (name: string) => ["stopped", "mostBelated", "shape"].includes(name);
    const unsaid = documented.filter((name) => !names.has(name) && !isOptional(name));
    const undocumented = [...names].filter((name) => !documented.includes(name));
    expect({ message, unsaid, undocumented }).toEqual({ message, unsaid: [], undocumented: [] });
  }
});
