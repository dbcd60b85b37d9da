import { expect, test } from "@jest/globals";
import { prod, resourcesOf, synthesize } from "../support/synthesize.ts";

test("only functions that call webhooks read the secret with their certificates", () => {
  const webhookTlsSecret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:webhook-tls-AbCdEf";
  const given = synthesize({ webhookTlsSecret });
  const readers = resourcesOf(given, "AWS::Lambda::Function").filter(([, { Environment }]) =>
    Object.values((Environment as { Variables: object }).Variables).includes(webhookTlsSecret),
  );
  expect(readers.map(([id]) => id.slice(0, -8)).sort()).toEqual(["DeliverWebhooks", "SubscriptionsApi"]);
  const policies = resourcesOf(given, "AWS::IAM::Policy").filter(([, policy]) =>
    JSON.stringify(policy).includes(webhookTlsSecret),
  );
  expect(policies).toHaveLength(2);
});

test("functions that call webhooks get the private targets", () => {
  const privateWebhookTargets = ["hooks.corp.example", "10.20.0.0/16"];
  const given = synthesize({ privateWebhookTargets: JSON.stringify(privateWebhookTargets) });
  const told = resourcesOf(given, "AWS::Lambda::Function").flatMap(([, { Environment }]) => {
    const { WEBHOOK_TARGETS: text } = (Environment as { Variables: { WEBHOOK_TARGETS?: string } }).Variables;
    return text === undefined ? [] : [JSON.parse(text).privateTargets];
  });
  expect(told).toEqual([privateWebhookTargets, privateWebhookTargets]);
});

test.each([
  [{}, [443]],
  [{ webhookPorts: "[443,8443]" }, [443, 8443]],
  [prod, [443]],
])("a deployed stack (%j) allows webhooks only to public targets with TLS", (context, ports) => {
  const deployed = synthesize(context);
  const variables = resourcesOf(deployed, "AWS::Lambda::Function").map(
    ([, { Environment: environment }]) => (environment as { Variables: { WEBHOOK_TARGETS?: string } }).Variables,
  );
  const targets = variables.flatMap(({ WEBHOOK_TARGETS: text }) => (text === undefined ? [] : [JSON.parse(text)]));
  expect(targets).toEqual([
    { reach: "public", ports },
    { reach: "public", ports },
  ]);
  expect(JSON.stringify(deployed.toJSON())).not.toContain("loopback");
});
