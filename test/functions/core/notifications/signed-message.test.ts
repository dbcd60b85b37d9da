import { createHmac } from "node:crypto";
import { expect, test } from "@jest/globals";
import { isKardSignature } from "../../../../functions/core/kard/kard-signature.ts";
import { signedMessage } from "../../../../functions/core/notifications/signed-message.ts";
import { noon } from "../../../support/fake-clock.ts";

const ping = {
  id: "evt_1",
  type: "subscription.test",
  timestamp: "2026-03-14T12:00:00.000Z",
  data: { type: "subscription", id: "s", attributes: { organizationId: "organization-ü" } },
};
const message = { id: ping.id, body: JSON.stringify(ping) };

test("Kard's header is base64 of HMAC-SHA256 of the sent bytes, keyed with the text of the key", () => {
  const key = "whsk_a webhook key is any text";
  const { body, headers } = signedMessage({ format: "kard", secrets: [{ secret: key }] }, message, noon);
  expect(headers).toEqual({ "notify-signature": createHmac("sha256", key).update(body, "utf8").digest("base64") });
  expect(isKardSignature(key, Buffer.from(body), headers["notify-signature"] ?? "")).toBe(true);
});

test("during a rotation the earlier webhook key signs first, and then the new one", () => {
  const secrets = [
    { secret: "the newest key" },
    { secret: "a newer key", signsUntil: noon + 2 },
    { secret: "old", signsUntil: noon },
  ];
  const signerAt = (now: number) => {
    const { body, headers } = signedMessage({ format: "kard", secrets }, message, now);
    return secrets.find(({ secret }) => isKardSignature(secret, Buffer.from(body), headers["notify-signature"] ?? ""));
  };
  expect(signerAt(noon)?.secret).toBe("old");
  expect(signerAt(noon + 1)?.secret).toBe("a newer key");
  expect(signerAt(noon + 3)?.secret).toBe("the newest key");
});

test("a subscription of the tracker's own events gets the event's bytes, signed by Standard Webhooks", () => {
  const secret = `whsec_${Buffer.alloc(32).toString("base64")}`;
  const { body, headers } = signedMessage({ secrets: [{ secret }] }, message, noon);
  expect(body).toBe(message.body);
  expect(Object.keys(headers)).toEqual(["webhook-id", "webhook-timestamp", "webhook-signature"]);
});
