import { randomBytes } from "node:crypto";
import { expect, test } from "@jest/globals";
import { createSubscriptionsBody, rotateSecretBody } from "../../../functions/subscriptions-api/subscription-input.ts";

const secretOf = (bytes: number) => `whsec_${randomBytes(bytes).toString("base64")}`;

function isTaken(attributes: object): boolean {
  const webhookUrl = "https://issuer.example/webhooks";
  const data = [{ type: "subscription", attributes: { webhookUrl, ...attributes } }];
  return createSubscriptionsBody.safeParse({ data }).success;
}

test.each(["\n", "\t", " ", "\u0000", "\u202e", "ü"])("no URL of a webhook has %j in it", (character) => {
  for (const webhookUrl of [`https://issuer.example/${character}`, `https://issu${character}er.example/`]) {
    expect(isTaken({ webhookUrl })).toBe(false);
  }
  expect(isTaken({ webhookUrl: `https://issuer.example/${encodeURIComponent(character)}` })).toBe(true);
});

test("a secret of one's own has 24 to 64 bytes, in canonical base64", () => {
  for (let bytes = 1; bytes < 80; bytes++) {
    expect({ bytes, taken: isTaken({ secret: secretOf(bytes) }) }).toEqual({
      bytes,
      taken: bytes >= 24 && bytes <= 64,
    });
  }
  const zeros = Buffer.alloc(25).toString("base64");
  expect(isTaken({ secret: `whsec_${zeros}` })).toBe(true);
  expect(isTaken({ secret: `whsec_${zeros.replace("A==", "B==")}` })).toBe(false);
});

test("a secret of one's own comes with no key pair, neither when it is made nor when it is replaced", () => {
  const contradiction = { signing: "ed25519", secret: secretOf(32) };
  expect(isTaken(contradiction)).toBe(false);
  expect(rotateSecretBody.safeParse(contradiction).error?.issues[0]?.path).toEqual(["secret"]);
  expect(rotateSecretBody.safeParse({ ...contradiction, signing: "hmac-sha256" }).success).toBe(true);
});
