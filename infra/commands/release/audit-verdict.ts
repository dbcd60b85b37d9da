import { z } from "zod";

/** What `npm audit --json` prints, as far as it is read (auditReportVersion 2, npm 7 and later). */
const report = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string() })),
});

/** What it prints instead when the registry did not answer as it should, or was not reached. */
const trouble = z
  .object({ message: z.string() })
  .or(z.object({ error: z.object({ summary: z.string() }) }).transform(({ error }) => ({ message: error.summary })));

export type AuditVerdict =
  | { outcome: "passed" }
  /** Packages of high or critical severity, by name. */
  | { outcome: "vulnerable"; packages: readonly string[] }
  /** The registry offers no audit, or could not be asked. */
  | { outcome: "unknown"; reason: string };

/** Judges what `npm audit --json` printed: less than high severity passes. */
export function auditVerdict(printed: string): AuditVerdict {
  const content = parsed(printed);
  const read = report.safeParse(content);
  if (!read.success) return { outcome: "unknown", reason: trouble.safeParse(content).data?.message || "no report" };
  const packages = Object.entries(read.data.vulnerabilities)
    .filter(([, { severity }]) => severity === "high" || severity === "critical")
    .map(([name, { severity }]) => `${name} (${severity})`);
  return packages.length === 0 ? { outcome: "passed" } : { outcome: "vulnerable", packages };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
