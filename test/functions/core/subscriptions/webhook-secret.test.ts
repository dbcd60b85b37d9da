import { createHash, createPublicKey, randomBytes, verify } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { signatureHeaders } from "../../../../functions/core/notifications/webhook-signature.ts";
import {
  newWebhookSecret,
  ownWebhookSecret,
  publicKeyOf,
} from "../../../../functions/core/subscriptions/webhook-secret.ts";

/** The message of the test vectors of Standard Webhooks' and Svix's libraries. */
const published = { id: "msg_p5jXN8AQM9LWM0D4loKWxJek", body: '{"test": 2432232314}' };
const publishedAt = 1_614_265_330_000;

test.each([
  ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="],
  [
    "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==",
    "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==",
  ],
])("%s signs as published", (secret, signature) => {
  expect(signatureHeaders([secret], published, publishedAt)).toEqual({
    "webhook-id": published.id,
    "webhook-timestamp": "1614265330",
    "webhook-signature": signature,
  });
});

describe("an Ed25519 key pair", () => {
  const newPair = () => {
    const secret = newWebhookSecret(randomBytes, "ed25519");
    return { secret, publicKey: publicKeyOf(secret) ?? "" };
  };

  test("is 64 bytes, of which the last 32 are the public key", () => {
    const { secret, publicKey } = newPair();
    const bytes = Buffer.from(secret.slice("whsk_".length), "base64");
    expect(bytes).toHaveLength(64);
    expect(publicKey).toBe(`whpk_${bytes.subarray(32).toString("base64")}`);
  });

  test("verifies with its public key", () => {
    const { secret, publicKey } = newPair();
    const headers = signatureHeaders([secret], published, publishedAt);
    const [version, signature = ""] = (headers["webhook-signature"] ?? "").split(",");
    const x = Buffer.from(publicKey.slice("whpk_".length), "base64").toString("base64url");
    const key = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x }, format: "jwk" });
    const signed = Buffer.from(`${published.id}.1614265330.${published.body}`);
    expect(version).toBe("v1a");
    expect(verify(null, signed, key, Buffer.from(signature, "base64"))).toBe(true);
  });

  test("depends only on the random bytes", () => {
    const same = (count: number) => createHash("sha256").update("seed").digest().subarray(0, count);
    expect(newWebhookSecret(same, "ed25519")).toBe(newWebhookSecret(same, "ed25519"));
  });
});

test("a shared secret has no public key", () => {
  expect(publicKeyOf(newWebhookSecret(randomBytes))).toBeUndefined();
});

describe("a caller's own secret", () => {
  const of = (bytes: number) => `whsec_${randomBytes(bytes).toString("base64")}`;

  test.each([24, 32, 64])("may have %d bytes", (bytes) => {
    expect(ownWebhookSecret.safeParse(of(bytes)).success).toBe(true);
  });

  test.each([
    of(23),
    of(65),
    of(32).slice("whsec_".length),
    `${of(32)} `,
    `whsec_${Buffer.alloc(32, 255).toString("base64url")}`,
    `${of(31).slice(0, -1)}!`,
    `whsk_${randomBytes(64).toString("base64")}`,
  ])("cannot be %j", (text) => {
    expect(ownWebhookSecret.safeParse(text).success).toBe(false);
  });
});
