import { z } from "zod";
import type { LogLine } from "./runner/lambda/execution-environment.ts";

/** What counts as something that happened, by the names under which the functions log or measure it. */
const happenings: Readonly<Record<string, string>> = {
  changed: "changed at Kard",
  submitted: "handed to Kard",
  stillUnsubmitted: "still to hand to Kard",
  failed: "not polled",
  missing: "unknown to Kard",
  overdue: "overdue",
  swept: "published by the sweep",
  sent: "webhooks tried again",
  PushesTaken: "pushed by Kard",
  PushesForUnknownAudits: "pushed by Kard about audits that are not ours",
  KardCallsDeferred: "calls to Kard left to the poller",
  WebhooksDelivered: "webhooks delivered",
  WebhooksToRetry: "webhooks to try again",
  WebhooksExhausted: "webhooks exhausted",
  WebhooksHeld: "webhooks held",
};

const logRecord = z.looseObject({
  level: z.string().optional(),
  service: z.string().optional(),
  message: z.string().optional(),
  error: z.string().optional(),
  errorMessage: z.string().optional(),
});

/**
 * A function's log line in a few words for a terminal: warnings, errors, and what has happened. `undefined` for all
 * else, so that an idle stack is silent. Whatever would move a terminal's cursor is left out.
 */
export function summarizeLogLine({ functionName, line }: Pick<LogLine, "functionName" | "line">): string | undefined {
  return inWords(functionName, line)?.replace(/\p{Cc}/gu, " ");
}

function inWords(functionName: string, line: string): string | undefined {
  const record = logRecord.safeParse(parse(line)).data;
  if (record === undefined) return line.trim() === "" ? undefined : `${functionName}: ${line}`;
  const { level = "INFO", service = functionName, message, error, errorMessage } = record;
  if (level !== "INFO" && level !== "DEBUG") {
    const said = [message, error, errorMessage].filter((text) => text !== undefined);
    return `${service} ${level}: ${said.join(": ")}`;
  }
  const happened = counts(record).map(([name, value]) => `${value} ${happenings[name]}`);
  if (typeof record.stopped === "string") happened.push(`stopped: ${record.stopped}`);
  return happened.length === 0 ? undefined : `${service}: ${happened.join(", ")}`;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The numbers above zero that say that something happened, those one level down included. */
function counts(record: Record<string, unknown>): [string, number][] {
  return Object.entries(record).flatMap(([name, value]): [string, number][] => {
    if (typeof value === "number") return value > 0 && name in happenings ? [[name, value]] : [];
    return typeof value === "object" && value !== null ? counts(value as Record<string, unknown>) : [];
  });
}
