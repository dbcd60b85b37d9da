import { PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, expect, test } from "@jest/globals";
import { startLocalSandbox } from "../../../infra/local/local-kard.ts";
import { startLocalTracker } from "../../../infra/local/local-tracker.ts";
import { operatorCredentials } from "../../../infra/local/runner/operator-credentials.ts";

const organizationId = "organization-123";

const kard = await startLocalSandbox({ dataDir: undefined, organizationId, progress: null });
const { stack, outputs, stop } = await startLocalTracker({
  // The schedules do not fire during the test.
  ...{ kard, organizationId, port: 0, dataDir: undefined, push: false, tickSeconds: 600 },
  // The API calls its functions by aliases.
  context: { canary: JSON.stringify({ organizationId }), gradualDeploy: "Canary10Percent5Minutes" },
});
const client = new SecretsManagerClient({ endpoint: outputs.DynamoDbEndpoint, ...operatorCredentials });
afterAll(async () => {
  client.destroy();
  await stop();
  await kard.sandbox?.stop();
});

const putKey = (SecretString: string) =>
  client.send(new PutSecretValueCommand({ SecretId: stack.outputs.CanaryKeySecretArn, SecretString }));

/** The ended runs, as step names; a failed step has its reason. */
function runs() {
  const lines = stack.logs.filter(
    ({ functionName, line }) => functionName.includes("Canary") && line.includes("steps"),
  );
  return lines.map(({ line }) => {
    const { steps } = JSON.parse(line) as { steps: { step: string; failure?: string }[] };
    return steps.map(({ step, failure }) => (failure === undefined ? step : `${step}: ${failure}`));
  });
}

test("fails without a valid key; with one, runs by its schedule, calls as an issuer, and files nothing", async () => {
  expect(await stack.invoke("Canary", {})).toMatchObject({
    status: "failed",
    errorMessage: expect.stringMatching(/holds no API key$/),
  });
  await putKey(`${outputs.ApiKey}\n`);
  await stack.tick();
  expect(runs()).toEqual([[], ["answers", "lists audits", "lists webhooks"]]);
  expect(kard.sandbox?.audits()).toEqual([]);
  expect(stack.violations).toEqual([]);
});
