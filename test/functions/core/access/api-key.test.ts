import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  apiKey,
  apiKeyStatus,
  issueApiKey,
  parseApiKey,
  secretMatches,
} from "../../../../functions/core/access/api-key.ts";
import { noon } from "../../../support/fake-clock.ts";

const grant = { organizations: ["org"], scopes: ["audit:read" as const] };
const issued = issueApiKey(grant, randomBytes, noon);

test("a key's text has the format that secret scanners expect", () => {
  expect(issued.text).toMatch(/^kat_[a-z2-7]{12}_[a-z2-7]{32}[0-9a-f]{8}$/);
});

test("only a hash of the secret is stored", () => {
  const { secret = "" } = parseApiKey(issued.text) ?? {};
  expect(issued.apiKey).toEqual({
    ...grant,
    keyId: issued.text.slice(4, 16),
    secretHash: createHash("sha256").update(secret).digest("hex"),
    createdAt: noon,
  });
  expect(JSON.stringify(issued.apiKey)).not.toContain(secret);
});

test("an organization that is stored twice counts once", () => {
  expect(apiKey.parse({ ...issued.apiKey, organizations: ["org", "org"] }).organizations).toEqual(["org"]);
});

test("a key matches only its own secret", () => {
  const other = parseApiKey(issueApiKey(grant, randomBytes, noon).text);
  expect(secretMatches(issued.apiKey, parseApiKey(issued.text)?.secret ?? "")).toBe(true);
  expect(secretMatches(issued.apiKey, other?.secret ?? "")).toBe(false);
  expect(secretMatches(issued.apiKey, "")).toBe(false);
});

test("a key with one changed character is malformed", () => {
  fc.assert(
    fc.property(
      fc.nat(issued.text.length - 1),
      fc.string({ unit: "binary-ascii", minLength: 1, maxLength: 1 }),
      (at, c) => {
        fc.pre(issued.text[at] !== c);
        expect(parseApiKey(issued.text.slice(0, at) + c + issued.text.slice(at + 1))).toBeUndefined();
      },
    ),
  );
});

test.each(["", "kat_", ` ${""}`, `${"x"}${issued.text}`, `${issued.text}\n`])("%p is malformed", (text) => {
  expect(parseApiKey(text)).toBeUndefined();
});

test("a key works until it expires or is revoked; a revocation counts at any time", () => {
  const { apiKey } = issued;
  expect(apiKeyStatus(apiKey, noon)).toBe("active");
  expect(apiKeyStatus({ ...apiKey, validUntil: noon + 1 }, noon)).toBe("active");
  expect(apiKeyStatus({ ...apiKey, validUntil: noon }, noon)).toBe("expired");
  expect(apiKeyStatus({ ...apiKey, validUntil: noon, revokedAt: noon + 1 }, noon)).toBe("revoked");
});
