import { expect, test } from "@jest/globals";
import { type ApiResponse, type AuditFields, auditFields, type Issuer, idsIn } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";

const { newIssuer, kard, auditsAtKard } = await startProduct({ tickSeconds: never, push: false });

const withKey = (key: string) => ({ headers: { "idempotency-key": key } });
const createCalls = () => kard.requests().create ?? 0;

test("a repeat gets the first response without a call to Kard", async () => {
  const issuer = await newIssuer();
  const requests = [auditFields(), auditFields()];
  const first = await issuer.create(requests, withKey("key-1"));
  const calls = createCalls();
  const repeat = await issuer.create(requests, withKey("key-1"));
  expect(first.status).toBe(201);
  expect({ status: repeat.status, text: repeat.text }).toEqual({ status: first.status, text: first.text });
  expect([first, repeat].map(({ headers }) => headers["idempotent-replayed"])).toEqual([undefined, "true"]);
  expect(createCalls()).toBe(calls);
});

test("a key in quotes equals the bare key", async () => {
  const issuer = await newIssuer();
  const requests = [auditFields()];
  const bare = await issuer.create(requests, withKey("key-1"));
  const quoted = await issuer.create(requests, withKey('"key-1"'));
  expect(idsIn(quoted)).toEqual(idsIn(bare));
});

test("a repeat of a refused request gets Kard's refusal again", async () => {
  const issuer = await newIssuer();
  const requests = [auditFields(), auditFields({ transactionId: "refuse-404-again" })];
  const first = await issuer.create(requests, withKey("key-1"));
  const calls = createCalls();
  const repeat = await issuer.create(requests, withKey("key-1"));
  expect(first.status).toBe(207);
  expect({ status: repeat.status, text: repeat.text }).toEqual({ status: first.status, text: first.text });
  expect(createCalls()).toBe(calls);
});

test("50 concurrent requests with one key create one audit with one call to Kard", async () => {
  const issuer = await newIssuer();
  const fields = auditFields();
  kard.configure({ latencyMs: 50 });
  const calls = createCalls();
  const responses = await Promise.all(Array.from({ length: 50 }, () => issuer.create([fields], withKey("crowd"))));
  kard.configure({ latencyMs: 0 });
  expect(new Set(responses.flatMap(idsIn)).size).toBe(1);
  for (const { status } of responses) expect([201, 202]).toContain(status);
  expect(responses.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
  expect(createCalls() - calls).toBe(1);
  expect(auditsAtKard(fields.transactionId)).toMatchObject([{ createCalls: 1 }]);
});

const sameKey = withKey("key-1");

test.each<[string, (issuer: Issuer, fields: AuditFields) => Promise<ApiResponse>]>([
  ["another payload", (issuer, fields) => issuer.create([{ ...fields, auditCode: 3005 }], sameKey)],
  ["another user", (issuer, fields) => issuer.create([fields], { ...sameKey, userId: "user-2" })],
  [
    "the legacy call",
    (issuer, fields) => {
      const body = { ...fields, preferredContactEmail: "a@example.com", issuer: "Bank" };
      return issuer.call("POST", "/transactions/audit", { ...sameKey, body });
    },
  ],
])("a reused key with %s is refused", async (_, again) => {
  const issuer = await newIssuer();
  const fields = auditFields();
  await issuer.create([fields], sameKey);
  const calls = createCalls();
  const { status, text } = await again(issuer, fields);
  expect(status).toBe(422);
  expect(text).toContain("Idempotency-Key");
  expect(createCalls()).toBe(calls);
});

test.each([
  ["empty", '""'],
  ["too long", "k".repeat(256)],
  ["two words", "two words"],
  ["not ASCII", "schlüssel"],
])("a key that is %s is refused", async (_, key) => {
  const issuer = await newIssuer();
  expect(await issuer.create([auditFields()], withKey(key))).toMatchObject({
    status: 400,
    json: { errors: [{ source: { header: "Idempotency-Key" } }] },
  });
});

test("the same key of two issuers is independent", async () => {
  const fields = auditFields();
  const [one, other] = [await newIssuer(), await newIssuer()];
  const [first] = idsIn(await one.create([fields], withKey("key-1")));
  const [second] = idsIn(await other.create([{ ...fields, auditCode: 3005 }], withKey("key-1")));
  expect(second).toBeDefined();
  expect(second).not.toBe(first);
  expect(auditsAtKard(fields.transactionId)).toHaveLength(2);
});

test.each([
  ["makes", 201, {}],
  ["refuses", 404, { transactionId: "refuse-404-legacy" }],
])("a repeat of a legacy create that Kard %s gets the first response again", async (_, status, fields) => {
  const issuer = await newIssuer();
  const body = { ...auditFields(fields), preferredContactEmail: "a@example.com", issuer: "Bank" };
  const first = await issuer.call("POST", "/transactions/audit", { body, ...withKey("key-1") });
  const repeat = await issuer.call("POST", "/transactions/audit", { body, ...withKey("key-1") });
  expect(first.status).toBe(status);
  expect(repeat).toMatchObject({ status, json: first.json });
  expect([first, repeat].map(({ headers }) => headers["idempotent-replayed"])).toEqual([undefined, "true"]);
});
