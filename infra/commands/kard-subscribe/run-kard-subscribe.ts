import { parseArgs } from "node:util";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createKardClient } from "../../../functions/adapters/kard/client.ts";
import { createKardSecret } from "../../../functions/adapters/kard/secret.ts";
import { createKardTokens } from "../../../functions/adapters/kard/token.ts";
import type { SubscribeOutcome } from "../../../functions/core/kard/ports.ts";
import { exitCodeOf } from "../exit-code.ts";
import { printNote, printResult } from "../output.ts";
import { clientOptions, kardOutputs, readStackOutputs } from "../stack-outputs.ts";

const usage = (calledAs: string) => `${calledAs} --organization ID [--outputs FILE] [--former URL]

Has Kard push auditUpdate notifications of an issuer to the tracker, checks that it does, and mends what is off.

  --organization ID   the issuer's organization at Kard
  --outputs FILE      the stack's outputs (.local/outputs.json)
  --former URL        a URL that the tracker had before: its subscription is pointed at the new one
`;

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
    printResult(usage(calledAs));
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
    reportError: (error) => printNote(String(error)),
  });
  const tokens = createKardTokens({ secret, ...timing });
  const kard = createKardClient({ apiUrl: outputs.KardUrl, tokens, ...timing });
  const webhookUrl = `${outputs.ApiUrl}/kard/${encodeURIComponent(organizationId)}/notifications`;
  const result = await kard.subscribeToPushes(organizationId, webhookUrl, (url) => url === former);
  printResult(`${saidOf(result)} ${webhookUrl}`);
}

/** @throws Error that says why Kard did not take the subscription, and what to do */
function saidOf(result: SubscribeOutcome): string {
  switch (result.outcome) {
    case "subscribed":
      return "Kard now pushes to";
    case "mended":
      return "Kard's subscription was mended; it pushes to";
    case "subscribed-already":
      return "Kard pushes already to";
    case "unauthorized":
      throw refused("it refuses the credentials in the stack's secret");
    case "missing":
      throw refused("it knows no such organization");
    case "conflict":
      throw refused(`it has one for this event already (409): ${result.webhookUrls.join(", ") || "it does not list which"}
To point that one here, run this again with --former URL`);
    case "throttled":
      throw refused(
        `it takes no more calls now (429); try again in ${Math.ceil((result.retryAfterMs ?? 60_000) / 1_000)} s`,
      );
    case "failed":
      throw refused(result.reason);
  }
}

function refused(why: string): Error {
  return new Error(`Kard did not take the subscription: ${why}`);
}
