import type { AuditVerdict } from "./audit-verdict.ts";

/**
 * The reason against a release; `undefined` if there is none.
 *
 * @param changes what `git status --porcelain` prints
 * @param withoutAudit allows a release if the registry has no audit. Findings of an audit still stop it.
 */
export function releaseBlocker(changes: string, verdict: AuditVerdict, withoutAudit: boolean): string | undefined {
  if (changes !== "") return `The work tree has uncommitted changes:\n${changes.trimEnd()}`;
  switch (verdict.outcome) {
    case "passed":
      return undefined;
    case "vulnerable":
      return `npm audit has findings of high severity: ${verdict.packages.join(", ")}`;
    case "unknown":
      if (withoutAudit) return undefined;
      return `The registry returned no audit: ${verdict.reason}\nTo release without an audit, use --without-audit.`;
  }
}
