import type { Mutant } from "./mutant.ts";

/** Mutants of submitting and adopting audits. */
export const mutantsOfSubmitting: Record<string, Mutant> = {
  "a lost response is taken for a definite one": {
    file: "functions/core/audits/submit-audit.ts",
    before: `return scheduleRetry(deps, audit, response.outcome, "unconfirmed", response.retryAfterMs);`,
    after: "return scheduleRetry(deps, audit, response.outcome, before.submission, response.retryAfterMs);",
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
};
