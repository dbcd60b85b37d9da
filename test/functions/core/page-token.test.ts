import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { pageToken, readPageToken } from "../../../functions/core/page-token.ts";

const secret = Buffer.from("0123456789abcdef0123456789abcdef");
const position = { at: 1_773_489_600_000, id: "audit-1" };

test("a token is read back for the list it was made for, whatever its id is made of", () => {
  fc.assert(
    fc.property(fc.nat(), fc.string({ unit: "grapheme" }), fc.string(), (at, id, list) => {
      expect(readPageToken(secret, list, pageToken(secret, list, { at, id }))).toEqual({ at, id });
    }),
  );
});

test("a token of another list is refused", () => {
  expect(readPageToken(secret, '["org",{}]', pageToken(secret, '["other",{}]', position))).toBeUndefined();
});

test("a token that was made with another secret is refused", () => {
  const foreign = pageToken(Buffer.alloc(32), "list", position);
  expect(readPageToken(secret, "list", foreign)).toBeUndefined();
});

test("a token whose position was changed is refused", () => {
  const [, seal] = pageToken(secret, "list", position).split(".");
  const forged = Buffer.from(JSON.stringify([position.at, "another-issuers-audit"])).toString("base64url");
  expect(readPageToken(secret, "list", `${forged}.${seal}`)).toBeUndefined();
});

test("no text that was not made here is a token", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String(), fc.constantFrom("", ".", "..", "e30.", ".AAAA")), (text) => {
      expect(readPageToken(secret, "list", text)).toBeUndefined();
    }),
  );
});

test("no single character of a token can be another", () => {
  const token = pageToken(secret, "list", position);
  const others = fc.record({ at: fc.nat(token.length - 1), by: fc.constantFrom(..."ABCDwxyz0123-_.") });
  fc.assert(
    fc.property(others, ({ at, by }) => {
      const changed = token.slice(0, at) + by + token.slice(at + 1);
      fc.pre(changed !== token);
      expect(readPageToken(secret, "list", changed)).toBeUndefined();
    }),
    { numRuns: 1_000 },
  );
});

test("nothing can follow a token", () => {
  expect(readPageToken(secret, "list", `${pageToken(secret, "list", position)}.x`)).toBeUndefined();
});
