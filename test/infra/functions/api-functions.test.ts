import { expect, test } from "@jest/globals";
import { resourcesOf, synthesize } from "../support/synthesize.ts";

test("originSecretSha256 is set for the functions behind the API", () => {
  const askedBy = (context: Record<string, unknown>) =>
    resourcesOf(synthesize(context), "AWS::Lambda::Function").flatMap(([id, { Environment }]) => {
      const { ORIGIN_SECRET_SHA256: hash } = (Environment as { Variables: Record<string, unknown> }).Variables;
      return hash === undefined ? [] : [[id.replace(/[0-9A-F]{8}$/, ""), hash]];
    });
  const hash = "0".repeat(64);
  expect(askedBy({ originSecretSha256: hash })).toEqual([
    ["AuditsApi", hash],
    ["SubscriptionsApi", hash],
    ["KardWebhook", hash],
  ]);
  expect(askedBy({})).toEqual([]);
  expect(() => synthesize({ originSecretSha256: "secret" })).toThrow("must be a SHA-256");
});

test("apiConcurrency reserves concurrency for the functions behind the API", () => {
  const reserved = (context: Record<string, unknown>) =>
    resourcesOf(synthesize(context), "AWS::Lambda::Function")
      .filter(([, { ReservedConcurrentExecutions: of }]) => of !== undefined)
      .map(([id, { ReservedConcurrentExecutions: of }]) => [id.replace(/[0-9A-F]{8}$/, ""), of]);
  expect(reserved({})).toEqual([]);
  expect(reserved({ apiConcurrency: 50 })).toEqual([
    ["AuditsApi", 50],
    ["SubscriptionsApi", 50],
    ["KardWebhook", 50],
  ]);
});
