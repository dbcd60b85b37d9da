import { expect } from "@jest/globals";
import * as z from "zod";

const fieldsOfAll = ["level", "message", "timestamp", "service", "requestId", "sampling_rate", "xray_trace_id"];

/** The names of all fields, including nested ones. */
function namesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return Object.entries(value).flatMap(([name, inner]) => [name, ...namesIn(inner)]);
}

/** The names of the fields in log lines, by message. Metrics are checked to be numbers. */
export function loggedFields(lines: readonly string[]): Map<string, Set<string>> {
  // A busy machine makes the runner write lines of its own: about a slow start, and about concurrency that is used up.
  const records = lines
    .filter((line) => !line.startsWith("INIT ") && !line.includes('"message":"limit reached"'))
    .map((line) => z.looseObject({ service: z.string() }).parse(JSON.parse(line)));
  const metrics = records.filter((record) => "_aws" in record);
  expect(metrics.length).toBeGreaterThan(0);
  const numbers = z.record(z.string(), z.union([z.number(), z.array(z.number())]));
  for (const { _aws, service: _, ...values } of metrics) expect(numbers.safeParse(values).error).toBeUndefined();

  const logged = new Map<string, Set<string>>();
  for (const record of records.filter((one) => !("_aws" in one))) {
    const names = logged.get(String(record.message)) ?? new Set();
    logged.set(String(record.message), names);
    for (const name of namesIn(record)) if (!fieldsOfAll.includes(name)) names.add(name);
  }
  return logged;
}
