import type { AuditVerdict } from "./audit-verdict.ts";

/**
 * Why nothing may be released, in words; `undefined` when nothing is in the way.
 *
 * @param changes what `git status --porcelain` prints
 * @param withoutAudit goes on where the registry offers no audit. What an audit found stops it all the same.
 */
export function obstacle(changes: string, verdict: AuditVerdict, withoutAudit: boolean): string | undefined {
  if (changes !== "") return `The work tree has changes that are in no commit:\n${changes.trimEnd()}`;
  switch (verdict.outcome) {
    case "passed":
      return undefined;
    case "vulnerable":
      return `npm audit has findings of high severity: ${verdict.packages.join(", ")}`;
    case "unknown":
      if (withoutAudit) return undefined;
      return `The registry did not say what is vulnerable: ${verdict.reason}\nGo on without it by --without-audit.`;
  }
}
