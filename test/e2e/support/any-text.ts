import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { singleLine } from "../../../functions/core/shared/text.ts";
import { share } from "../../support/share.ts";
import { auditFields, idsIn } from "./issuer.ts";
import type { Product } from "./product.ts";
import { until } from "./until.ts";
import { subscribe, verified } from "./webhooks/webhooks.ts";

const merchantName = singleLine(256);

/** Texts that transports are known to break: noncharacters, separators, control characters, emoji. */
const awkward = [
  "\ufffe\uffff",
  "\ufdd0\ufdef",
  "Pizza 🍕",
  "👩‍👩‍👧‍👦",
  "\u0001\u001f\u007f\u0085",
  "\u2028\u2029",
  "\ufeff",
  '"\\\b\f\n\r\t',
  "\u{1fffe}\u{1ffff}\u{10fffe}\u{10ffff}",
];

const text = fc
  .oneof(fc.string({ unit: "binary", minLength: 1, maxLength: 60 }), fc.constantFrom(...awkward))
  .filter((given) => merchantName.safeParse(given).success);
/** Kard's responses can contain lone surrogates; our requests cannot. */
const kardText = fc.oneof(
  text,
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 }).map((units) => String.fromCharCode(...units)),
);
const filed = fc.record({ merchantName: text, auditDescription: text, resolutionDescription: kardText });

/**
 * Tests that any filed or resolved text reaches the queue and the webhook unchanged, as the same ASCII bytes.
 */
export function testAnyText({ newIssuer, newWebhookReceiver, auditsAtKard, kard, resolutions }: Product): void {
  test("any text that is filed or resolved reaches the queue and the webhook unchanged, as the same ASCII bytes", async () => {
    const issuer = await newIssuer();
    const receiver = await newWebhookReceiver();
    const { secret } = await subscribe(issuer, receiver.url, ["audit.closed"]);
    const property = fc.asyncProperty(fc.array(filed, { minLength: 10, maxLength: 10 }), async (texts) => {
      const requests = texts.map(({ merchantName: name, auditDescription }) =>
        auditFields({ merchantName: name, auditDescription }),
      );
      const created = await issuer.create(requests);
      // Audits deferred by the rate limit get 202, and are submitted a little later.
      expect([201, 202]).toContain(created.status);
      for (const [position, { transactionId }] of requests.entries()) {
        const { resolutionDescription = "" } = texts[position] ?? {};
        const atKard = await until("Kard has it", () => auditsAtKard(transactionId)[0]);
        kard.closeAudit(atKard.id, { resolutionDescription });
      }
      for (const [position, auditId] of idsIn(created).entries()) {
        const isOfAudit = ({ body }: { body: string }) => body.includes(auditId);
        const queued = await until("the queue has it", () => resolutions.received.find(isOfAudit));
        const webhook = await until("the webhook has it", () => receiver.received.find(isOfAudit));
        expect(webhook.body).toBe(queued.body);
        expect(queued.body).toMatch(/^[\x20-\x7e]*$/);
        expect(verified(webhook, secret).data.attributes).toMatchObject(requests[position] ?? {});
        const { resolutionDescription } = (await issuer.audit(auditId)).attributes;
        expect(verified(webhook, secret).data.attributes.resolutionDescription).toEqual(resolutionDescription);
      }
    });
    await fc.assert(property, {
      numRuns: Math.min(2 * share, 6),
      endOnFailure: true,
      examples: [[awkward.flatMap(twice)]],
    });
  });
}

function twice(given: string) {
  const each = { merchantName: "a", auditDescription: "b", resolutionDescription: given };
  const isFiled = merchantName.safeParse(given).success;
  return [each, isFiled ? { ...each, merchantName: given, auditDescription: given } : each];
}
