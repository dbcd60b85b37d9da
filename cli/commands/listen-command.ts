import type { Command } from "commander";
import type { EventName } from "../../functions/core/events/events.ts";
import { statusEvents } from "../../functions/core/events/kard-audit-update.ts";
import { Failure } from "../failure.ts";
import type { Receiver } from "../listen/forward-event.ts";
import { listen } from "../listen/listen.ts";
import { sessionSecret } from "../listen/session-secret.ts";
import { eventNameList, httpUrl, notNegative, timeOrAge } from "../option-values.ts";
import type { Terminal } from "../output/terminal.ts";

interface ListenOptions {
  forward?: string;
  events?: EventName[];
  replaySince?: string;
  kardFormat?: true;
  every: number;
}

/** The command `listen`. */
export function listenCommand(root: Command, terminal: Terminal, environment: NodeJS.ProcessEnv): void {
  root
    .command("listen")
    .description("prints events as they happen, and forwards them as signed webhooks, until Ctrl-C")
    .option("--forward <url>", "send each event to this URL, such as http://localhost:3000/hooks", httpUrl)
    .option("--events <names>", "only these, such as audit.closed,audit.rejected (default: all)", eventNameList)
    .option("--replay-since <time>", "begin with events since a time, or an age such as 2h", timeOrAge)
    .option("--kard-format", "forward Kard's own auditUpdate, signed in notify-signature")
    .option("--every <seconds>", "how often to ask for new events", notNegative, 2)
    .action(async ({ events, replaySince, every, ...options }: ListenOptions) => {
      const receiver = receiverOf(options, environment);
      const eventNames = options.kardFormat ? kardEvents(events) : events;
      if (receiver !== undefined) {
        terminal.note(`Forwarding to ${receiver.url}, signed with the secret\n${receiver.secret}`);
      }
      const since = replaySince ?? new Date().toISOString();
      process.exitCode = await listen(terminal, receiver, { since, eventNames, everyMs: every * 1_000 });
    });
}

function receiverOf(
  { forward: url, kardFormat }: Pick<ListenOptions, "forward" | "kardFormat">,
  environment: NodeJS.ProcessEnv,
): Receiver | undefined {
  const format = kardFormat ? "kard" : undefined;
  if (url !== undefined) return { url, format, secret: sessionSecret(environment, format) };
  if (format === "kard") throw new Failure("usage", "--kard-format needs --forward URL");
  return undefined;
}

/** Kard's format has only the events that change a status. */
function kardEvents(given: EventName[] | undefined): EventName[] {
  const possible: readonly EventName[] = statusEvents;
  if (given === undefined) return [...possible];
  const others = given.filter((name) => !possible.includes(name));
  if (others.length === 0) return given;
  throw new Failure("usage", `Kard's format has no ${others.join(", ")}, only ${possible.join(", ")}`);
}
