import { createHash } from "node:crypto";
import { expect, test } from "@jest/globals";
import { request } from "undici";
import { never, startProduct } from "../support/product.ts";

const { outputs } = await startProduct({ tickSeconds: never, push: false });

const hashesOf = (html: string, tag: "script" | "style") =>
  [...html.matchAll(new RegExp(`<${tag}>(.*?)</${tag}>`, "gs"))].map(
    ([, text = ""]) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`,
  );

test("the console's content security policy allows only its own script and style", async () => {
  const { statusCode, headers, body } = await request(outputs.ConsoleUrl);
  const html = await body.text();
  expect({ statusCode, type: headers["content-type"] }).toEqual({ statusCode: 200, type: "text/html; charset=utf-8" });
  const policy = String(headers["content-security-policy"]);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`script-src ${hashesOf(html, "script").join(" ")};`);
  expect(policy).toContain(`style-src ${hashesOf(html, "style").join(" ")};`);
  expect(html).not.toMatch(/ on\w+=| style=|innerHTML|kat_/);
});
