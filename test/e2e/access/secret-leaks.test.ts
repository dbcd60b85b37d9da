import { expect, test } from "@jest/globals";
import * as z from "zod";
import { documentedMessages } from "../../support/privacy-page.ts";
import { auditFields } from "../support/issuer.ts";
import { leaks } from "../support/secrets/canaries.ts";
import { loggedFields } from "../support/secrets/logged-fields.ts";
import { misplaced } from "../support/secrets/misplaced-secrets.ts";
import { startWithPlantedSecrets } from "../support/secrets/planted-secrets.ts";
import { until } from "../support/until.ts";

const product = await startWithPlantedSecrets();
const { canaries, plant, ownSecret, token, base, webhookUrl, endpoint, evidence, ask, subscribe } = product;
const { owner, kard, auditsAtKard, outputs, stack, resolutions } = product;

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
    const requests = misplaced(secret, owner.organizationId, webhookUrl);
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

test("the logs contain the fields that docs/privacy.md lists", () => {
  const logged = loggedFields(stack.logs.map(({ line }) => line));
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
