import { createHmac } from "node:crypto";
import { expect, test } from "@jest/globals";
import { isKardSignature } from "../../../../functions/core/kard/kard-signature.ts";

const body = Buffer.from('{"data":"é"}');
const signature = createHmac("sha256", "key").update(body).digest("base64");

test("Kard's signature over the exact bytes is valid", () => {
  expect(isKardSignature("key", body, signature)).toBe(true);
});

test.each([
  ["another key", "other", body, signature],
  ["another body", "key", Buffer.from('{"data":"é"} '), signature],
  ["no signature", "key", body, ""],
  ["a longer signature", "key", body, `${signature}=`],
  ["a shorter signature", "key", body, signature.slice(0, -1)],
  ["another encoding", "key", body, Buffer.from(signature, "base64").toString("hex")],
  ["as many bytes of junk", "key", body, "ü".repeat(22)],
])("%s is not valid", (_, key, bytes, given) => {
  expect(isKardSignature(key, bytes, given)).toBe(false);
});
