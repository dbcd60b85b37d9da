import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { checkOriginSecret } from "../../../functions/platform/origin-secret.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const hashes = [sha256("new secret"), sha256("old secret")];

test.each(["new secret", "old secret"])("a request with an accepted secret passes: %s", (secret) => {
  expect(() => checkOriginSecret(hashes, { "x-origin-secret": secret })).not.toThrow();
});

test.each([undefined, "", "another", hashes[0]])("a request with %s is refused", (secret) => {
  expect(() => checkOriginSecret(hashes, { "x-origin-secret": secret })).toThrow(
    expect.objectContaining({ statusCode: 403 }),
  );
});

test("without a configured secret every request passes", () => {
  expect(() => checkOriginSecret(undefined, {})).not.toThrow();
});
