import { randomBytes } from "node:crypto";
import { expect, test } from "@jest/globals";
import {
  createSubscriptionsBody,
  rotateSecretBody,
} from "../../../../functions/subscriptions-api/subscriptions/subscription-input.ts";

const secretOf = (bytes: number) => `whsec_${randomBytes(bytes).toString("base64")}`;

function isTaken(attributes: object): boolean {
  const webhookUrl = "https://issuer.example/webhooks";
  const data = [{ type: "subscription", attributes: { webhookUrl, ...attributes } }];
  return createSubscriptionsBody.safeParse({ data }).success;
}

test.each(["\n", "\t", " ", "\u0000", "\u202e", "ü"])("a webhook URL does not contain %j", (character) => {
  for (const webhookUrl of [`https://issuer.example/${character}`, `https://issu${character}er.example/`]) {
    expect(isTaken({ webhookUrl })).toBe(false);
  }
  expect(isTaken({ webhookUrl: `https://issuer.example/${encodeURIComponent(character)}` })).toBe(true);
});

test("a caller's own secret has 24 to 64 bytes, in canonical base64", () => {
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

test("a caller's own secret is refused with a key pair, at creation and rotation", () => {
  const contradiction = { signing: "ed25519", secret: secretOf(32) };
  expect(isTaken(contradiction)).toBe(false);
  expect(rotateSecretBody.safeParse(contradiction).error?.issues[0]?.path).toEqual(["secret"]);
  expect(rotateSecretBody.safeParse({ ...contradiction, signing: "hmac-sha256" }).success).toBe(true);
});

test("a subscription to Kard's event has a webhook key of its own, and nothing of other signatures", () => {
  const eventName = "auditUpdate";
  expect(isTaken({ eventName })).toBe(true);
  expect(isTaken({ eventName, webhookKey: "the-key-of-Kard!" })).toBe(true);
  for (const unfit of [
    { secret: secretOf(32) },
    { signing: "hmac-sha256" },
    { webhookKey: "too short" },
    { webhookKey: "with a blank in it" },
    { eventNames: ["audit.closed"] },
  ]) {
    expect({ unfit, taken: isTaken({ eventName, ...unfit }) }).toEqual({ unfit, taken: false });
  }
  expect(isTaken({ webhookKey: "the-key-of-Kard!" })).toBe(false);
});

test("an event that is never sent is refused at its field, with the names of those that are", () => {
  const attributes = {
    webhookUrl: "https://issuer.example/webhooks",
    eventName: "earnedRewardApproved",
    enabled: true,
  };
  const { error } = createSubscriptionsBody.safeParse({ data: [{ type: "subscription", attributes }] });
  expect(error?.issues).toMatchObject([
    { path: ["data", 0, "attributes", "eventName"], message: expect.stringContaining("auditUpdate") },
  ]);
});

test.each([
  ["default", true],
  ["patient", true],
  ["slow", false],
  [[1], true],
  [Array.from({ length: 20 }, () => 86_400), true],
  [Array.from({ length: 21 }, () => 60), false],
  [[], false],
  [[0], false],
  [[1.5], false],
  [[86_401], false],
])("a retry schedule is a name or up to twenty waits of up to a day: %j is taken: %s", (retrySchedule, taken) => {
  expect(isTaken({ retrySchedule })).toBe(taken);
});

test.each([
  [1, true],
  [500, true],
  [null, true],
  [0, false],
  [501, false],
  [1.5, false],
  ["5", false],
])("a maximum rate is a whole number of attempts per second: %j is taken: %s", (maxPerSecond, taken) => {
  expect(isTaken({ maxPerSecond })).toBe(taken);
});

test("Kard's event has Kard's payload, and may be ordered", () => {
  expect(isTaken({ eventName: "auditUpdate", payload: "thin" })).toBe(false);
  expect(isTaken({ eventName: "auditUpdate", ordered: true, retrySchedule: "fast" })).toBe(true);
});
