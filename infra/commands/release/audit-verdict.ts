import * as z from "zod";

/** The parts of the output of `npm audit --json` that are read (auditReportVersion 2, npm 7 and later). */
const report = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string() })),
});

/** The output if the registry is unreachable or returns an error. */
const trouble = z
  .object({ message: z.string() })
  .or(z.object({ error: z.object({ summary: z.string() }) }).transform(({ error }) => ({ message: error.summary })));

export type AuditVerdict =
  | { outcome: "passed" }
  /** Packages of high or critical severity, by name. */
  | { outcome: "vulnerable"; packages: readonly string[] }
  /** The registry has no audit endpoint, or was unreachable. */
  | { outcome: "unknown"; reason: string };

/** Evaluates the output of `npm audit --json`. Findings below high severity pass. */
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
