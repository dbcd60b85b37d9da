import { expect, test } from "@jest/globals";
import { summarizeLogLine } from "../../../infra/local/log-filter.ts";

const summarize = (line: string | object) =>
  summarizeLogLine({ functionName: "Stack-PollAudits", line: typeof line === "string" ? line : JSON.stringify(line) });

const tick = {
  level: "INFO",
  message: "tick",
  service: "poll-audits",
  sampling_rate: 0,
  polled: 3,
  changed: 0,
  lagMs: 812,
};

test("a tick without changes prints nothing", () => {
  expect(summarize(tick)).toBeUndefined();
  expect(summarize("")).toBeUndefined();
});

test("counts above zero are printed, also from nested objects", () => {
  expect(summarize({ ...tick, changed: 2, submitted: 1 })).toBe("poll-audits: 2 changed at Kard, 1 submitted to Kard");
  expect(summarize({ level: "INFO", service: "sweep-outbox", outbox: { swept: 1 }, retries: { sent: 0 } })).toBe(
    "sweep-outbox: 1 published by the sweep",
  );
  expect(summarize({ _aws: { Timestamp: 1 }, service: "deliver-webhooks", WebhooksDelivered: 4 })).toBe(
    "deliver-webhooks: 4 webhooks delivered",
  );
  expect(summarize({ ...tick, stopped: "outage" })).toBe("poll-audits: stopped: outage");
});

test("warnings, errors and lines that are not JSON are always printed", () => {
  expect(
    summarize({ level: "ERROR", service: "audits-api", message: "unexpected failure", error: "TypeError: x" }),
  ).toBe("audits-api ERROR: unexpected failure: TypeError: x");
  expect(summarize({ level: "WARN", message: "\u001b[2J\nforged: \u009bfine" })).toBe(
    "Stack-PollAudits WARN:  [2J forged:  fine",
  );
  expect(summarize("Runtime.ExitError: gone")).toBe("Stack-PollAudits: Runtime.ExitError: gone");
});
