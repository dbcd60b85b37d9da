import * as z from "zod";
import type { LogLine } from "./runner/lambda/execution-environment.ts";

/** Labels of the counts that the summary shows, by their names in logs and metrics. */
const labels: Readonly<Record<string, string>> = {
  changed: "changed at Kard",
  submitted: "submitted to Kard",
  stillUnsubmitted: "waiting to be submitted to Kard",
  failed: "not polled",
  missing: "unknown to Kard",
  overdue: "overdue",
  swept: "published by the sweep",
  sent: "webhooks retried",
  PushesTaken: "pushes from Kard",
  PushesForUnknownAudits: "pushes from Kard about unknown audits",
  KardCallsDeferred: "calls to Kard deferred to the poller",
  WebhooksDelivered: "webhooks delivered",
  WebhooksToRetry: "webhooks to retry",
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
 * Summarizes a function's log line for the terminal: warnings, errors and counts above zero. `undefined` for all other
 * lines, so an idle stack prints nothing. Removes control characters.
 */
export function summarizeLogLine({ functionName, line }: Pick<LogLine, "functionName" | "line">): string | undefined {
  return summarize(functionName, line)?.replace(/\p{Cc}/gu, " ");
}

function summarize(functionName: string, line: string): string | undefined {
  const record = logRecord.safeParse(parse(line)).data;
  if (record === undefined) return line.trim() === "" ? undefined : `${functionName}: ${line}`;
  const { level = "INFO", service = functionName, message, error, errorMessage } = record;
  if (level !== "INFO" && level !== "DEBUG") {
    const said = [message, error, errorMessage].filter((text) => text !== undefined);
    return `${service} ${level}: ${said.join(": ")}`;
  }
  const shown = counts(record).map(([name, value]) => `${value} ${labels[name]}`);
  if (typeof record.stopped === "string") shown.push(`stopped: ${record.stopped}`);
  return shown.length === 0 ? undefined : `${service}: ${shown.join(", ")}`;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** The known counts above zero, including those in nested objects. */
function counts(record: Record<string, unknown>): [string, number][] {
  return Object.entries(record).flatMap(([name, value]): [string, number][] => {
    if (typeof value === "number") return value > 0 && name in labels ? [[name, value]] : [];
    return typeof value === "object" && value !== null ? counts(value as Record<string, unknown>) : [];
  });
}
