import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { auditsApiEnvironment } from "../../../functions/audits-api/environment.ts";
import { deliverWebhooksEnvironment } from "../../../functions/deliver-webhooks/environment.ts";
import { kardWebhookEnvironment } from "../../../functions/kard-webhook/environment.ts";
import { pollAuditsEnvironment } from "../../../functions/poll-audits/environment.ts";
import { subscriptionsApiEnvironment } from "../../../functions/subscriptions-api/environment.ts";
import { sweepOutboxEnvironment } from "../../../functions/sweep-outbox/environment.ts";
import { prod, resourcesOf, synthesize } from "../support/synthesize.ts";

const schemas = {
  "audits-api": auditsApiEnvironment,
  "subscriptions-api": subscriptionsApiEnvironment,
  "kard-webhook": kardWebhookEnvironment,
  "poll-audits": pollAuditsEnvironment,
  "sweep-outbox": sweepOutboxEnvironment,
  "deliver-webhooks": deliverWebhooksEnvironment,
};

/** Variables for Powertools. */
const platformVariables = z.object({
  POWERTOOLS_SERVICE_NAME: z.enum(Object.keys(schemas)),
  POWERTOOLS_METRICS_NAMESPACE: z.literal("KardAuditTracker/Stack"),
});

type Value = string | { Ref: string } | { "Fn::Join": [string, Value[]] } | { "Fn::GetAtt": [string, string] };

const pseudo: Record<string, string> = {
  "AWS::Partition": "aws",
  "AWS::Region": "eu-west-1",
  "AWS::AccountId": "111122223333",
};

function resolve(value: Value): string {
  if (typeof value === "string") return value;
  if ("Ref" in value) return pseudo[value.Ref] ?? `https://resolved.example/${value.Ref}`;
  if ("Fn::GetAtt" in value) return `https://resolved.example/${value["Fn::GetAtt"].join("/")}`;
  const [separator, parts] = value["Fn::Join"];
  return parts.map(resolve).join(separator);
}

/** The environments by function. References become URLs. */
function environments(context: Record<string, unknown> = {}): Map<string, Record<string, string>> {
  return new Map(
    resourcesOf(synthesize(context), "AWS::Lambda::Function").map(([, { Environment }]) => {
      const { Variables } = Environment as { Variables: Record<string, Value> };
      const resolved = Object.fromEntries(Object.entries(Variables).map(([name, value]) => [name, resolve(value)]));
      return [resolved.POWERTOOLS_SERVICE_NAME ?? "", resolved];
    }),
  );
}

describe.each([
  ["dev", {}],
  ["prod", prod],
  ["local", { stage: "local" }],
] as const)("in stage %s", (_stage, context) => {
  const given = environments(context);
  test.each(Object.entries(schemas))("%s is given exactly the environment it declares", (name, schema) => {
    const exactly = z.strictObject({ ...platformVariables.shape, ...schema.shape });
    expect(() => exactly.parse(given.get(name))).not.toThrow();
  });
});

test("Kard's rate limit is divided among the pollers and the interactive functions", () => {
  const given = environments({ kardRequestsPerSecond: 40, interactiveShare: 0.25, pollers: 4 });
  const share = (name: string) => given.get(name)?.KARD_REQUESTS_PER_SECOND;
  expect([share("audits-api"), share("kard-webhook"), share("poll-audits")]).toEqual(["10", "10", "7"]);
});

test("functions that authenticate get the rate limits, and the identity provider if there is one", () => {
  const askForKeys = ["audits-api", "subscriptions-api"];
  const provider = { issuer: "i", audience: "a", jwksUrl: "https://id.example/", organizationsClaim: "org" };
  const given = environments({
    callerRequestsPerSecond: 7,
    issuerRequestsPerSecond: 9,
    identityProvider: JSON.stringify(provider),
  });
  for (const [name, environment] of given) {
    const told = askForKeys.includes(name);
    expect(environment.CALLER_REQUESTS_PER_SECOND).toBe(told ? "7" : undefined);
    const counts = told || name === "kard-webhook";
    expect(environment.ISSUER_REQUESTS_PER_SECOND).toBe(counts ? "9" : undefined);
    expect(JSON.parse(environment.IDENTITY_PROVIDER ?? "{}")).toEqual(
      told ? { ...provider, scopesClaim: "scope" } : {},
    );
  }
  for (const name of askForKeys) expect(environments().get(name)).not.toHaveProperty("IDENTITY_PROVIDER");
});

test("the environment stays well below Lambda's limit of 4 KB", () => {
  for (const environment of environments({ stage: "local" }).values()) {
    expect(JSON.stringify(environment).length).toBeLessThan(2048);
  }
});

describe("every function", () => {
  const template = synthesize();
  const timeouts = new Map([
    ["audits-api", 29],
    ["subscriptions-api", 29],
    ["kard-webhook", 29],
    ["poll-audits", 55],
    ["sweep-outbox", 55],
    ["deliver-webhooks", 60],
  ]);

  test.each(resourcesOf(template, "AWS::Lambda::Function"))(
    "%s runs on arm64 with Node.js 24 and its own log group",
    (id, found) => {
      const { Variables } = found.Environment as { Variables: { POWERTOOLS_SERVICE_NAME: string } };
      expect(found).toMatchObject({
        Runtime: "nodejs24.x",
        Architectures: ["arm64"],
        Handler: "index.handler",
        Timeout: timeouts.get(Variables.POWERTOOLS_SERVICE_NAME),
        LoggingConfig: { LogGroup: { Ref: expect.stringMatching(`^${id.slice(0, -8)}Logs`) } },
      });
    },
  );

  test("has a log group with limited retention", () => {
    template.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 30 });
  });
});
