import { expect, test } from "@jest/globals";
import { accessTokenOf, readAccessToken, tokenLifeSeconds } from "../../../../functions/core/access/access-token.ts";
import { noon } from "../../../support/fake-clock.ts";

test("the token of a key is the key", () => {
  expect(accessTokenOf("kat_a_b", undefined)).toBe("kat_a_b");
  expect(readAccessToken("kat_a_b")).toEqual({ credential: "kat_a_b", targetIssuer: undefined });
});

test.each(["organization-1", "a~b", "Łódź ü", " "])("a token that is restricted to %p names it", (targetIssuer) => {
  const token = accessTokenOf("kat_a_b", targetIssuer);
  expect(token).toMatch(/^[A-Za-z0-9._~+/-]+=*$/);
  expect(readAccessToken(token)).toEqual({ credential: "kat_a_b", targetIssuer });
});

test.each([
  [undefined, 3_600],
  [noon + 10_000_000, 3_600],
  [noon + 90_500, 90],
  [noon, 1],
])("a token of a key that ends at %p lives for %p seconds", (validUntil, seconds) => {
  expect(tokenLifeSeconds(validUntil, noon)).toBe(seconds);
});
