import { randomBytes } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";
import { signatureHeaders } from "../../../../functions/core/notifications/webhook-signature.ts";
import { newWebhookSecret } from "../../../../functions/core/subscriptions/webhook-secret.ts";

const message = { id: "evt_1", body: '{"type":"audit.closed","merchant":"Café ☕"}' };
const secret = newWebhookSecret(randomBytes);
const other = newWebhookSecret(randomBytes);

test("a secret is whsec_ and 32 random bytes", () => {
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(other).not.toBe(secret);
});

test("its timestamp is in whole seconds, rounded down", () => {
  expect(signatureHeaders([secret], message, 1_773_489_600_999)["webhook-timestamp"]).toBe("1773489600");
});

describe.each([
  ["standardwebhooks", (key: string) => new StandardWebhook(key)],
  ["svix", (key: string) => new SvixWebhook(key)],
])("a receiver with the library %s", (_, receiver) => {
  const headers = signatureHeaders([secret], message, Date.now());

  test("accepts it", () => {
    expect(() => receiver(secret).verify(message.body, headers)).not.toThrow();
  });

  test("refuses another secret's signature", () => {
    expect(() => receiver(other).verify(message.body, headers)).toThrow();
  });

  test("refuses another body", () => {
    expect(() => receiver(secret).verify(`${message.body} `, headers)).toThrow();
  });

  test("refuses another id", () => {
    expect(() => receiver(secret).verify(message.body, { ...headers, "webhook-id": "evt_2" })).toThrow();
  });

  test("refuses a signature from ten minutes ago", () => {
    const old = signatureHeaders([secret], message, Date.now() - 600_000);
    expect(() => receiver(secret).verify(message.body, old)).toThrow();
  });

  test.each([
    ["current", secret],
    ["last", other],
  ])("accepts it with the %s of two secrets during a rotation", (_name, known) => {
    const both = signatureHeaders([secret, other], message, Date.now());
    expect(() => receiver(known).verify(message.body, both)).not.toThrow();
  });
});
