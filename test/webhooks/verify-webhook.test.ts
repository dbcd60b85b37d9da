import { randomBytes } from "node:crypto";
import { expect, test } from "@jest/globals";
import { asciiJson } from "../../functions/core/events/ascii-json.ts";
import type { eventName } from "../../functions/core/events/events.ts";
import { exampleEvent } from "../../functions/core/events/example-event.ts";
import { signedMessage } from "../../functions/core/notifications/signed-message.ts";
import { newWebhookKey } from "../../functions/core/subscriptions/kard-compatible.ts";
import { newWebhookSecret, publicKeyOf } from "../../functions/core/subscriptions/webhook-secret.ts";
import {
  verifyKardWebhook,
  verifyWebhook,
  type WebhookEvent,
  WebhookVerificationError,
} from "../../webhooks/verify-webhook.ts";

const id = "evt_1";
const body = asciiJson(exampleEvent("audit.closed", { id, organizationId: "org", now: Date.now() }));

/** A webhook as the tracker sends it, and the key that its receiver has. */
function webhookBy(kind: "hmac-sha256" | "ed25519" | "kard", at = Date.now()) {
  const secret = kind === "kard" ? newWebhookKey(randomBytes) : newWebhookSecret(randomBytes, kind);
  const format = kind === "kard" ? kind : undefined;
  const { headers, ...message } = signedMessage({ format, secrets: [{ secret }] }, { id, body }, at);
  const verifier = kind === "kard" ? verifyKardWebhook : verifyWebhook;
  const key = publicKeyOf(secret) ?? secret;
  const verify = (changes: { headers?: object; body?: string; key?: string | string[] } = {}) =>
    verifier({ ...headers, ...changes.headers }, changes.body ?? message.body, changes.key ?? key);
  return { headers, body: message.body, key, verify };
}

const kinds = ["hmac-sha256", "ed25519", "kard"] as const;

test.each(kinds)("a webhook signed by %s gives its event, with headers in any form", (kind) => {
  const { headers, body, key, verify } = webhookBy(kind);
  const event = JSON.parse(body);
  expect(verify()).toEqual(event);
  const upper = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), [value]]));
  const verifier = kind === "kard" ? verifyKardWebhook : verifyWebhook;
  expect(verifier(upper, Buffer.from(body), key)).toEqual(event);
  expect(verifier(new Headers(headers), new TextEncoder().encode(body), [webhookBy(kind).key, key])).toEqual(event);
});

test.each(kinds)("a webhook by %s is refused with another body, another key, or without a signature", (kind) => {
  const { headers, body, verify } = webhookBy(kind);
  const none = Object.fromEntries(Object.keys(headers).map((name) => [name, undefined]));
  for (const changes of [{ body: `${body} ` }, { key: webhookBy(kind).key }, { headers: none }, { key: [] }]) {
    expect(() => verify(changes)).toThrow(WebhookVerificationError);
  }
});

test.each(["hmac-sha256", "ed25519"] as const)("a webhook by %s is refused ten minutes away from now", (kind) => {
  for (const away of [-600_000, 600_000]) {
    expect(() => webhookBy(kind, Date.now() + away).verify()).toThrow(WebhookVerificationError);
  }
  expect(() => webhookBy(kind).verify({ headers: { "webhook-id": "evt_2" } })).toThrow(WebhookVerificationError);
});

test("a secret of another form is the caller's mistake", () => {
  expect(() => webhookBy("hmac-sha256").verify({ key: "secret" })).toThrow(TypeError);
  expect(() => webhookBy("kard").verify({ key: "" })).toThrow(TypeError);
});

test("the `Headers` of another implementation are read, too", () => {
  const { headers, key } = webhookBy("hmac-sha256");
  const others = { get: (name: string) => new Headers(headers).get(name) } as Headers;
  expect(verifyWebhook(others, body, key)).toMatchObject({ type: "audit.closed" });
});

type Sent = (typeof eventName.options)[number] | "subscription.test";
// It does not compile if the exported types lack an event or have one too many.
true satisfies [Exclude<Sent, WebhookEvent["type"]>, Exclude<WebhookEvent["type"], Sent>] extends [never, never]
  ? true
  : false;
