import { parseArgs } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { dynamoPushSubscriptions } from "../../../functions/adapters/dynamo-push-subscriptions.ts";
import { openTable } from "../../../functions/adapters/dynamo-table.ts";
import { createKardClient } from "../../../functions/adapters/kard-client.ts";
import { createKardSecret } from "../../../functions/adapters/kard-secret.ts";
import { createKardTokens } from "../../../functions/adapters/kard-token.ts";
import { exitCodeOf } from "../exit-code.ts";
import { clientOptions, kardOutputs, readStackOutputs } from "../stack-outputs.ts";

const usage = (calledAs: string) => `${calledAs} --organization ID [--outputs FILE] [--former URL]

Has Kard push auditUpdate notifications of an issuer to the tracker, checks that it does, and mends what is off.

  --organization ID   the issuer's organization at Kard
  --outputs FILE      the stack's outputs (.local/outputs.json)
  --former URL        a URL that the tracker had before: its subscription is pointed at the new one
`;

const said = {
  subscribed: "Kard now pushes to",
  mended: "Kard's subscription was mended; it pushes to",
  "subscribed-already": "Kard pushes already to",
};

/**
 * Has Kard push to a stack; says in one line what it found, or on standard error what kept it from that.
 *
 * @param calledAs how the help names the program
 * @returns the exit code
 */
export async function runKardSubscribe(args: readonly string[], calledAs: string): Promise<number> {
  return exitCodeOf(async () => {
    await subscribe(args, calledAs);
    return 0;
  });
}

async function subscribe(args: readonly string[], calledAs: string): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      organization: { type: "string" },
      outputs: { type: "string", default: ".local/outputs.json" },
      former: { type: "string" },
      help: { type: "boolean" },
    },
  });
  const { organization: organizationId, former } = values;
  if (values.help) {
    console.log(usage(calledAs));
    return;
  }
  if (organizationId === undefined) throw new Error("--organization is missing: see --help");
  const outputs = readStackOutputs(kardOutputs, values.outputs);
  const timing = { requestTimeoutMs: 10_000, clock: Date.now };
  const secret = createKardSecret({
    secretArn: outputs.KardSecretArn,
    tokenUrl: outputs.KardTokenUrl,
    client: new SecretsManagerClient(clientOptions(outputs)),
    clock: Date.now,
  });
  const tokens = createKardTokens({ secret, ...timing });
  const kard = createKardClient({ apiUrl: outputs.KardUrl, tokens, ...timing });
  const webhookUrl = `${outputs.ApiUrl}/kard/${encodeURIComponent(organizationId)}/notifications`;
  const result = await kard.subscribeToPushes(organizationId, webhookUrl, (url) => url === former);
  if (!(result.outcome in said)) throw new Error(`Kard did not take the subscription: ${refusal(result)}`);
  const table = openTable(outputs.TableName, new DynamoDBClient(clientOptions(outputs)));
  await dynamoPushSubscriptions(table).put(organizationId);
  console.log(`${said[result.outcome as keyof typeof said]} ${webhookUrl}`);
}

function refusal(result: { outcome: string; reason?: string }): string {
  if (result.outcome === "unauthorized") return "it refuses the credentials in the stack's secret";
  if (result.outcome === "missing") return "it knows no such organization";
  return result.reason ?? result.outcome;
}
