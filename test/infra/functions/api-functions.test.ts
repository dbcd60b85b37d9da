import { expect, test } from "@jest/globals";
import { resourcesOf, synthesize } from "../synthesize.ts";

test("the functions behind the API ask for the secret of the owner's own front where there is one", () => {
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

test("the functions behind the API have concurrency of their own only where the configuration says so", () => {
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
