import { expect, test } from "@jest/globals";
import { organizationsOfKeys } from "../../../../functions/core/access/api-key.ts";
import { provesOwnership } from "../../../../functions/core/tracking/ownership.ts";
import { noon } from "../../../support/fake-clock.ts";

/** Issuers with their own credential; all others share one. */
function proofOf(organizations: string[], own: string[] = [], isShared = true) {
  return provesOwnership({
    credentials: {
      credentialIdentityFor: async (id) =>
        own.includes(id) ? { credentialId: `of-${id}`, isShared: false } : { credentialId: "common", isShared },
    },
    organizations: async () => organizations,
  });
}

test.each([
  ["an issuer that is alone", proofOf(["a"]), true],
  ["an issuer that nobody knows yet", proofOf([]), true],
  ["an issuer beside another with the same credential", proofOf(["a", "b"]), false],
  ["a new issuer beside one with the same credential", proofOf(["b"]), false],
  ["an issuer beside one with its own credential", proofOf(["a", "b"], ["b"]), true],
  ["an issuer with its own credential", proofOf(["a", "b", "c"], ["a"]), true],
  ["an issuer whose calls name it to Kard", proofOf(["a", "b"], [], false), true],
])("whether Kard proves ownership for %s", async (_, proves, expected) => {
  expect(await proves("a")).toBe(expected);
});

test("everyone with a key that is not revoked counts as an issuer", () => {
  const key = { keyId: "k", secretHash: "", scopes: [], createdAt: noon };
  const keys = [
    { ...key, organizations: ["a", "b"] },
    { ...key, organizations: ["c"], revokedAt: noon },
  ];
  expect(organizationsOfKeys(keys)).toEqual(["a", "b"]);
});
