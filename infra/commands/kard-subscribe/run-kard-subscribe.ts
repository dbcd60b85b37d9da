import { parseArgs } from "node:util";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { createKardSecret } from "../../../functions/adapters/kard/secret.ts";
import { createKardTokens } from "../../../functions/adapters/kard/token.ts";
import { exitCodeOf } from "../exit-code.ts";
import { printNote, printResult } from "../output.ts";
import { clientOptions, kardOutputs, readStackOutputs } from "../stack-outputs.ts";
import { createKardPushes, type SubscribeOutcome } from "./kard-pushes.ts";

const usage = (calledAs: string) => `${calledAs} --organization ID [--outputs FILE] [--former URL]

Subscribes the tracker to Kard's auditUpdate pushes for an issuer, and corrects an existing subscription.

  --organization ID   the issuer's organization at Kard
  --outputs FILE      the stack's outputs (default: .local/outputs.json of npm start)
  --former URL        a former URL of the tracker: its subscription gets the new URL
`;

/**
 * Subscribes a stack to Kard's pushes. Prints the outcome in one line, errors on standard error.
 *
 * @param calledAs name of the program in the help
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
      outputs: { type: "string" },
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
    tokenRequest: outputs.KardTokenRequest,
    client: new SecretsManagerClient(clientOptions(outputs)),
    clock: Date.now,
    reportError: (error) => printNote(String(error)),
  });
  const tokens = createKardTokens({ secret, ...timing });
  const kard = createKardPushes({ apiUrl: outputs.KardUrl, tokens, ...timing });
  const webhookUrl = `${outputs.ApiUrl}/kard/${encodeURIComponent(organizationId)}/notifications`;
  const result = await kard.subscribeToPushes(organizationId, webhookUrl, (url) => url === former);
  printResult(`${saidOf(result)} ${webhookUrl}`);
}

/** @throws Error that says why Kard refused the subscription, and what to do */
function saidOf(result: SubscribeOutcome): string {
  switch (result.outcome) {
    case "subscribed":
      return "Kard now pushes to";
    case "updated":
      return "Kard's subscription was corrected; it pushes to";
    case "already-subscribed":
      return "Kard already pushes to";
    case "unauthorized":
      throw refused("the credentials in the stack's secret are not valid");
    case "missing":
      throw refused("the organization does not exist at Kard");
    case "conflict":
      throw refused(`a subscription for this event exists (409): ${result.webhookUrls.join(", ") || "Kard does not list its URL"}
To change its URL, run this command again with --former URL`);
    case "throttled":
      throw refused(`rate limit exceeded (429); try again in ${Math.ceil((result.retryAfterMs ?? 60_000) / 1_000)} s`);
    case "failed":
      throw refused(result.reason);
  }
}

function refused(why: string): Error {
  return new Error(`Kard refused the subscription: ${why}`);
}
