import { randomUUID } from "node:crypto";
import type { Command } from "commander";
import { asciiJson } from "../../functions/core/events/ascii-json.ts";
import { type EventName, eventName } from "../../functions/core/events/events.ts";
import { exampleEvent, exampleId } from "../../functions/core/events/example-event.ts";
import { testSubscription } from "../api/subscriptions.ts";
import { exitCode, Failure } from "../failure.ts";
import { type Forwarded, forwardEvent, outcomeText, signatureAdvice } from "../listen/forward-event.ts";
import { sessionSecret } from "../listen/session-secret.ts";
import { eventNames, httpUrl } from "../option-values.ts";
import type { Terminal } from "../output/terminal.ts";

interface TriggerOptions {
  subscription?: string;
  forward?: string;
}

type Sent = Forwarded & { id: string };

/** The command `trigger`. */
export function triggerCommand(root: Command, terminal: Terminal, environment: NodeJS.ProcessEnv): void {
  root
    .command("trigger")
    .description("sends an example of each event to a subscription or a URL; nothing is stored")
    .argument("[events...]", "events such as audit.closed (default: all)", eventNames)
    .option("--subscription <id>", "send to this subscription's endpoint, signed with its secret")
    .option("--forward <url>", "send to this URL, such as http://localhost:3000/hooks", httpUrl)
    .action(async (events: EventName[], options: TriggerOptions) => {
      const send = senderFor(options, terminal, environment);
      let advice: string | undefined;
      for (const type of events.length > 0 ? events : eventName.options) {
        const { id, ...sent } = await send(type);
        terminal.printLine({ id, eventName: type, ...sent }, `${type}  ${id}  → ${outcomeText(sent)}`);
        if (!sent.delivered) process.exitCode = exitCode.refused;
        if (options.forward !== undefined) advice ??= signatureAdvice(sent);
      }
      if (advice !== undefined) terminal.note(advice);
    });
}

function senderFor(
  { subscription, forward }: TriggerOptions,
  terminal: Terminal,
  environment: NodeJS.ProcessEnv,
): (type: EventName) => Promise<Sent> {
  if ((subscription === undefined) === (forward === undefined)) {
    throw new Failure("usage", "give either --subscription ID or --forward URL");
  }
  if (subscription !== undefined) {
    const api = terminal.api();
    return async (type) => {
      const { id, attributes } = await testSubscription(api, subscription, type);
      return { id, ...attributes };
    };
  }
  const url = forward ?? "";
  const receiver = { url, format: undefined, secret: sessionSecret(environment, undefined) };
  terminal.note(`Signed with the secret\n${receiver.secret}`);
  return async (type) => {
    const id = `evt_${randomUUID().replaceAll("-", "")}`;
    const event = exampleEvent(type, { id, organizationId: exampleId, now: Date.now() });
    return { id, ...(await forwardEvent(receiver, { id, body: asciiJson(event) })) };
  };
}
