import { createHmac } from "node:crypto";
import { expect, test } from "@jest/globals";
import { Webhook } from "standardwebhooks";
import { eventName } from "../../../../functions/core/events/events.ts";
import { exampleEvent } from "../../../../functions/core/events/example-event.ts";
import { thinBody } from "../../../../functions/core/events/thin-event.ts";
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

test("a thin payload has ids, type, status and sequence of an audit's event only, and is what is signed", () => {
  const secret = `whsec_${Buffer.alloc(32).toString("base64")}`;
  const event = exampleEvent("audit.closed", { id: "evt_1", organizationId: "org", now: noon });
  const given = { id: "evt_1", body: JSON.stringify(event) };
  const { body, headers } = signedMessage({ secrets: [{ secret }], payload: "thin" }, given, noon);
  expect(JSON.parse(body)).toEqual({
    ...{ id: "evt_1", type: "audit.closed", timestamp: new Date(noon).toISOString() },
    data: { type: "audit", id: "example-evt_1", attributes: { organizationId: "org", status: "CLOSED" }, sequence: 2 },
  });
  expect(new Webhook(secret).sign("evt_1", new Date(noon), body)).toBe(headers["webhook-signature"]);
});

test.each(eventName.options)("a thin payload of %s has neither URL nor text", (type) => {
  const event = exampleEvent(type, { id: "evt_1", organizationId: "org", now: noon });
  const body = thinBody(JSON.stringify(event));
  expect(JSON.parse(body)).toMatchObject({ id: "evt_1", type, data: { id: "example-evt_1" } });
  for (const text of ["https:", "Example Shop", "cashback", "503"]) expect(body).not.toContain(text);
});
