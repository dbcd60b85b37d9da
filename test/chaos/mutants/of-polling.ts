import type { Mutant } from "./mutant.ts";

/** Mutants of polling audits. */
export const mutantsOfPolling: Record<string, Mutant> = {
  "the plan asks the wrong lane for its oldest audit": {
    file: "functions/adapters/dynamodb/audit-lanes.ts",
    before: `page(lanePartition("OPEN", organizationId, shard), always`,
    after: `page(lanePartition("RECHECK", organizationId, shard), always`,
  },
  "what is to be submitted is looked for in another lane": {
    file: "functions/adapters/dynamodb/audit-lanes.ts",
    before: "return page(lanePartition(lane, organizationId, shard), { from: 0",
    after: `return page(lanePartition("RECHECK", organizationId, shard), { from: 0`,
  },
  "a field that nobody needs keeps an audit open": {
    file: "functions/adapters/kard/audit-status.ts",
    before: "  resolutionDescription: optionalText,\n",
    after: "  resolutionDescription: z.string(),\n",
  },
  "a status in lower case is not known": {
    file: "functions/adapters/kard/audit-status.ts",
    before: "const status = kardStatus.toUpperCase();",
    after: "const status = kardStatus;",
  },
  "a response that is not understood is not asked for again": {
    file: "functions/core/tracking/apply-kard-status.ts",
    before: "return toRecheck({ ...audit, kardStatus: kardAudit.kardStatus }, now);",
    after: "return { ...toRecheck(audit, now), laneAt: now + 1e11 };",
  },
  "an audit comes back into the plan at the wrong time": {
    file: "functions/core/tracking/recheck-audit.ts",
    before: `: { ...heard, lane: "OPEN", laneAt: audit.acceptedAt };`,
    after: `: { ...heard, lane: "OPEN" };`,
  },
  "a settled audit is put up for a recheck": {
    file: "functions/core/tracking/recheck-audit.ts",
    before: "!isOpen(current.status) || (current.lane",
    after: "(current.lane",
  },
  "an audit in trouble is looked at again in years": {
    file: "functions/core/tracking/recheck-audit.ts",
    before: 'return { ...audit, failingSince, lane: "RECHECK", laneAt: now + wait };',
    after: 'return { ...audit, failingSince, lane: "RECHECK", laneAt: now + wait + 1e11 };',
  },
  "an audit that is due soon is announced again and again": {
    file: "functions/poll-audits/mark-due.ts",
    before: "isSoon && audit.dueSoonAt === undefined",
    after: "isSoon",
  },
  "nobody looks whether an old audit is overdue": {
    file: "functions/poll-audits/poll-one.ts",
    before: "return isOld(deps, row) ? { ...unchanged",
    after: "return false ? { ...unchanged",
  },
  "two pollers take one shard": {
    file: "functions/adapters/dynamodb/polling/poll-leases.ts",
    before: 'ConditionExpression: "attribute_not_exists(holder) OR holder = :holder OR heldUntil <= :now",',
    after: "",
  },
  "a lease never ends": {
    file: "functions/adapters/dynamodb/polling/poll-leases.ts",
    before: " OR heldUntil <= :now",
    after: "",
  },
  "one issuer's circuit breaker stops the calls of all": {
    file: "functions/poll-audits/kard/kard-calls.ts",
    before: "if (breaker.isOpenTo(caller)) dropStopped(issuer);",
    after:
      "if (breaker.isOpenTo(caller)) for (const one of issuers) for (const { stop } of one.waiting.splice(0)) stop();",
  },
  "a page of broken rows ends a lane": {
    file: "functions/poll-audits/work-due-rows.ts",
    before: "    after = listed.next;\n",
    after: '    if (page.rows.every((row) => row === "broken")) break;\n    after = listed.next;\n',
  },
  "a pause that Kard asked for never ends": {
    file: "functions/poll-audits/poll-issuer.ts",
    before: "seen.pausedUntil > tick.now",
    after: "seen.pausedUntil > 0",
  },
};
