import type { Mutant } from "./mutant.ts";

/** Mutants of storing audits, their changes and events. */
export const mutantsOfStoring: Record<string, Mutant> = {
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
  "Kard's response is followed although the table has moved on": {
    file: "functions/core/audits/change-stored-audit.ts",
    before: `(await audits.update(before, after, guards)) === "done")`,
    after: `(await audits.update(before, after, guards)) !== undefined)`,
  },
  "a change of own data is written over a newer one": {
    file: "functions/audits-api/audit/change-annotations.ts",
    before: `["annotationsRevision"], merge`,
    after: "[], merge",
  },
};
