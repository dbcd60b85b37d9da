import { expect, test } from "@jest/globals";
import { never, startProduct } from "../support/product.ts";
import { createSubscription, createSubscriptions, subscriptionsPath } from "../support/webhooks/subscriptions.ts";

const { newIssuer } = await startProduct({ tickSeconds: never, push: false });

const webhookUrl = "https://example.com/webhooks";

test("custom headers are sent with webhooks; the API does not show their values", async () => {
  const issuer = await newIssuer();
  const { id } = await createSubscription(issuer, { webhookUrl, headers: { "X-Api-Key": "hush-hush" } });
  const shown = await issuer.call("GET", `${subscriptionsPath(issuer)}/${id}`);
  expect(shown).toMatchObject({ json: { data: { attributes: { headers: { "x-api-key": "********" } } } } });
  expect(shown.text).not.toContain("hush");
});

test.each([
  [{ headers: { Host: "example.com" } }, "/data/0/attributes/headers/Host"],
  [{ headers: { "Webhook-Id": "1" } }, "/data/0/attributes/headers/Webhook-Id"],
  [{ headers: { "x-a": "caf\u00e9" } }, "/data/0/attributes/headers/x-a"],
  [{ headers: { "x a": "b" } }, "/data/0/attributes/headers/x a"],
  [
    { headers: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`x-${n}`, "v"])) },
    "/data/0/attributes/headers",
  ],
  [{ secret: "whsec_c2hvcnQ=" }, "/data/0/attributes/secret"],
  [{ secret: `whsec_${Buffer.alloc(32).toString("base64")}`, signing: "ed25519" }, "/data/0/attributes/secret"],
  [{ filters: { auditCodes: [1.5] } }, "/data/0/attributes/filters/auditCodes/0"],
  [{ filters: { auditCode: [3005] } }, "/data/0/attributes/filters/auditCode"],
])("%j is refused at %s", async (attributes, pointer) => {
  const issuer = await newIssuer();
  expect(await createSubscriptions(issuer, { webhookUrl, ...attributes })).toMatchObject({
    status: 400,
    json: { errors: [{ source: { pointer } }] },
  });
});

test("accepts the caller's own secret, and shows a new one after a rotation", async () => {
  const issuer = await newIssuer();
  const secret = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
  const { id, attributes } = await createSubscription(issuer, { webhookUrl, secret });
  expect(attributes.secret).toBe(secret);
  const rotate = (body?: unknown) => issuer.call("POST", `${subscriptionsPath(issuer)}/${id}/rotate-secret`, { body });
  const rotated = await rotate();
  expect(rotated).toMatchObject({ status: 200, json: { data: { id, attributes: { secret: expect.any(String) } } } });
  expect(rotated.text).not.toContain(secret);
  const own = `whsec_${Buffer.alloc(64, 8).toString("base64")}`;
  expect(await rotate({ secret: own, overlapSeconds: 0 })).toMatchObject({
    json: { data: { attributes: { secret: own } } },
  });
  expect(await rotate({ overlapSeconds: -1 })).toMatchObject({ status: 400 });
});

test("shows only the public key of an Ed25519 key pair", async () => {
  const issuer = await newIssuer();
  const { id, attributes } = await createSubscription(issuer, { webhookUrl, signing: "ed25519" });
  expect(attributes).toMatchObject({
    signing: "ed25519",
    publicKey: expect.stringMatching(/^whpk_[A-Za-z0-9+/]{43}=$/),
  });
  const { text } = await issuer.call("GET", `${subscriptionsPath(issuer)}/${id}`);
  expect(text).toContain(String(attributes.publicKey));
  expect(text).not.toMatch(/whsk_|"secret"/);
});
