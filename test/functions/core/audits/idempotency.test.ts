import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { auditIdOfAdopted, auditIdOfKey, requestFingerprint } from "../../../../functions/core/audits/idempotency.ts";

test("the id of a position is a UUID of version 8, always the same", () => {
  const id = auditIdOfKey("org", "key", 0);
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(auditIdOfKey("org", "key", 0)).toBe(id);
});

test("organizations, keys and positions do not collide", () => {
  const named = fc.tuple(fc.string(), fc.string(), fc.nat(99));
  fc.assert(
    fc.property(named, named, (a, b) => {
      fc.pre(JSON.stringify(a) !== JSON.stringify(b));
      expect(auditIdOfKey(...a)).not.toBe(auditIdOfKey(...b));
    }),
  );
  expect(auditIdOfKey("ab", "c", 0)).not.toBe(auditIdOfKey("a", "bc", 0));
});

test("adopted audits have different ids", () => {
  expect(auditIdOfAdopted("org", "x")).toBe(auditIdOfAdopted("org", "x"));
  expect(auditIdOfAdopted("org", "x")).not.toBe(auditIdOfAdopted("other", "x"));
  expect(auditIdOfAdopted("org", "x")).not.toBe(auditIdOfKey("org", "x", 0));
});

test.each([
  ["PUT", "/a", "body"],
  ["POST", "/b", "body"],
  ["POST", "/a", "body "],
  ["POST", "/abody", ""],
])("%s %s %p is another request than POST /a", (method, path, body) => {
  expect(requestFingerprint(method, path, body)).not.toBe(requestFingerprint("POST", "/a", "body"));
});
