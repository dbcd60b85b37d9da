import type { Mutant } from "./mutant.ts";

/** Mutants of submitting and polling audits. */
export const mutantsOfAudits: Record<string, Mutant> = {
  "an audit is stored over one that is there": {
    file: "functions/adapters/dynamodb/audits.ts",
    before: `{ condition: "attribute_not_exists(pk)" }`,
    after: `{ condition: "attribute_not_exists(pk) OR attribute_exists(pk)" }`,
  },
  "an update relies on the status alone": {
    file: "functions/adapters/dynamodb/audit-update.ts",
    before: "for (const guard of guards) {",
    after: "for (const guard of guards.slice(0, 1)) {",
  },
  "an update relies on nothing": {
    file: "functions/adapters/dynamodb/audit-update.ts",
    before: "for (const guard of guards) {",
    after: "for (const guard of guards.slice(guards.length)) {",
  },
  "a write that failed is taken for done": {
    file: "functions/adapters/dynamodb/table/table.ts",
    before: "    throw error;",
    after: `    return "done";`,
  },
  "an issuer with audits is not in the directory": {
    file: "functions/adapters/dynamodb/audits.ts",
    before: "await addIssuer(audit.organizationId);",
    after: "",
  },
  "the outbox of all audits is one partition": {
    file: "functions/adapters/dynamodb/audit-row.ts",
    before: "{ outbox: outboxPartition(audit.organizationId, shard) }",
    after: "{ outbox: outboxPartition(audit.organizationId, 0) }",
  },
  "an audit is put into the wrong shard of its lane": {
    file: "functions/adapters/dynamodb/audit-row.ts",
    before: "{ lane: lanePartition(lane, audit.organizationId, shard) }",
    after: "{ lane: lanePartition(lane, audit.organizationId, (shard + 1) % 8) }",
  },
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
  "an event does not go to the outbox": {
    file: "functions/core/audits/change-audit.ts",
    before: "    outboxAt: now + publishGraceMs,\n",
    after: "",
  },
  "a closed audit stays in its lane": {
    file: "functions/core/audits/audit.ts",
    before: `event: "audit.closed", lane: "none" }`,
    after: `event: "audit.closed", lane: "stay" }`,
  },
  "a closed audit brings no event": {
    file: "functions/core/audits/audit.ts",
    before: `to: "CLOSED", event: "audit.closed"`,
    after: `to: "CLOSED", event: undefined`,
  },
  "events share an id": {
    file: "functions/core/events/events.ts",
    before: `return \`evt_\${subjectId.replaceAll("-", "")}_\${sequence}\`;`,
    after: `return \`evt_\${subjectId.replaceAll("-", "")}_\${Math.min(sequence, 1)}\`;`,
  },
  "a lost response is taken for a definite one": {
    file: "functions/core/audits/submit-audit.ts",
    before: `return scheduleRetry(deps, audit, response.outcome, "unconfirmed", response.retryAfterMs);`,
    after: "return scheduleRetry(deps, audit, response.outcome, before.submission, response.retryAfterMs);",
  },
  "a field that nobody needs keeps an audit open": {
    file: "functions/adapters/kard/audit-status.ts",
    before: "  merchantName: optionalText,\n",
    after: "  merchantName: z.string(),\n",
  },
  "a status in lower case is not known": {
    file: "functions/adapters/kard/audit-status.ts",
    before: "const status = response.status.toUpperCase();",
    after: "const status = response.status;",
  },
  "a response that is not understood is not asked for again": {
    file: "functions/core/tracking/apply-kard-status.ts",
    before: "return toRecheck({ ...audit, kardStatus: kardAudit.kardStatus }, now);",
    after: "return { ...toRecheck(audit, now), laneAt: now + 1e11 };",
  },
  "a 2xx without an id is taken for a lost response": {
    file: "functions/adapters/kard/create-audit.ts",
    before: `({ outcome: "accepted-without-id", reason });`,
    after: `({ outcome: "unanswered", reason });`,
  },
  "an audit that Kard took without an id is filed again": {
    file: "functions/core/audits/submit-audit.ts",
    before: "    if (audit.acceptedWithoutIdAt !== undefined && !known.notAtKard) return waitForKardId(deps, audit);\n",
    after: "",
  },
  "a retry that is cut off leaves the audit as one that Kard has not got": {
    file: "functions/core/audits/submit-audit.ts",
    before: `      submission: "unconfirmed",\n`,
    after: "",
  },
  "adopting what a lost create made makes a second audit": {
    file: "functions/core/tracking/adopt-audit.ts",
    before: 'if (found.outcome === "untracked") {',
    after: "if (found.outcome === undefined) {",
  },
  "an adoption that Kard could not be asked about is answered and not stored": {
    file: "functions/audits-api/adopt/adopt-audits.ts",
    before: "await deps.adoptions.add({ ...request, createdAt: deps.clock(), ...next })",
    after: "{ ...request, createdAt: deps.clock(), ...next }",
  },
  "an adoption ends with the first try that brings no response": {
    file: "functions/poll-audits/adopt-one.ts",
    before: "if (now >= givenUpAt(waiting)) {",
    after: "if (now >= 0) {",
  },
  "a request ends at its first error with calls under way": {
    file: "functions/audits-api/submit/submit-requests.ts",
    before:
      "      return await (isCalling ? submitFirst(deps)(audit) : leaveUnsent(deps)(audit));\n    } catch (error) {",
    after:
      "      return await (isCalling ? submitFirst(deps)(audit) : leaveUnsent(deps)(audit));\n    } catch (error) {\n      throw error;",
  },
  "a retry goes on although another function was first": {
    file: "functions/core/audits/submit-audit.ts",
    before: `    if (claim === "stale") return undefined;\n`,
    after: "",
  },
  "a conflict's audit is accepted although it belongs to another audit": {
    file: "functions/core/audits/recover-lost-create.ts",
    before: "const free = named.filter(({ owner }) => owner === undefined)",
    after: "const free = named",
  },
  "a Kard id changes hands": {
    file: "functions/adapters/dynamodb/kard-audit-ids.ts",
    before: 'const isFreeOrOwn = "attribute_not_exists(pk) OR (organizationId',
    after: 'const isFreeOrOwn = "attribute_not_exists(pk) OR attribute_exists(pk) OR (organizationId',
  },
  "a Kard id is stored that nobody has claimed": {
    file: "functions/core/audits/store-decision.ts",
    before: "const owner = await deps.kardAuditIds.claim(kardAuditId, audit);",
    after: "const owner = (await deps.kardAuditIds.find(kardAuditId)) ?? audit;",
  },
  "the lease of a submission is over before Kard answers": {
    file: "functions/core/audits/submit-backoff.ts",
    before: "export const submitLeaseMs = 60_000;",
    after: "export const submitLeaseMs = 20;",
  },
  "Kard's response is followed although the table has moved on": {
    file: "functions/core/audits/change-stored-audit.ts",
    before: `(await audits.update(before, after, guards)) === "done")`,
    after: `(await audits.update(before, after, guards)) !== undefined)`,
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
  "a change of own data is written over a newer one": {
    file: "functions/audits-api/audit/change-annotations.ts",
    before: `["annotationsRevision"], merge`,
    after: "[], merge",
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
