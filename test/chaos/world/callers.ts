import { notificationKeyOfRow } from "../../../functions/adapters/dynamodb/notifications.ts";
import { createResponse } from "../../../functions/audits-api/submit/create-response.ts";
import type { SubmitRequestsInput } from "../../../functions/audits-api/submit/submit-requests.ts";
import type { AnnotationsChange } from "../../../functions/core/audits/annotations.ts";
import type { AuditKey } from "../../../functions/core/audits/audit.ts";
import type { Subscription } from "../../../functions/core/subscriptions/subscription.ts";
import type { storesOf } from "../../support/dynamodb/stores-of-table.ts";
import type { Surroundings } from "./functions.ts";
import type { Invocations } from "./invocations.ts";

type Stores = ReturnType<typeof storesOf>;

/** What callers of the API do: each returns when there is a response, unless it says otherwise. */
export function createCallers(surroundings: Surroundings, stores: Stores, { invoke, insist }: Invocations) {
  const { rows, endpoints, time } = surroundings;
  const submitted: { statusCode: number; input: SubmitRequestsInput; auditIds: string[] }[] = [];
  /** Kard ids that an issuer was told are tracked or pending. */
  const adoptions: { organizationId: string; kardAuditId: string }[] = [];

  return {
    submitted,
    adoptions,
    async submit(input: Partial<SubmitRequestsInput> & Pick<SubmitRequestsInput, "requests">) {
      const full = { organizationId: "org", userId: "user", idempotency: undefined, ...input };
      const ended = await invoke("audits-api", (its) => its.submit(full));
      if (ended.ended !== "done" || ended.value.outcome !== "submitted") return ended;
      const { results } = ended.value;
      const { statusCode } = createResponse(results);
      const auditIds = results.flatMap((one) => ("audit" in one ? one.audit.auditId : []));
      if (statusCode < 300) submitted.push({ statusCode, input: full, auditIds });
      return ended;
    },
    /** Adopts an issuer's audits at Kard, until each id has a final response. */
    adopt: (organizationId: string, kardAuditIds: readonly string[]) =>
      insist("audits-api", async (its) => {
        const results = await its.adopt(organizationId, "user", kardAuditIds);
        if (results.some(({ result }) => result === "not-stored")) throw new Error("not stored");
        for (const [position, { result }] of results.entries()) {
          const kardAuditId = kardAuditIds[position] ?? "";
          if (result !== "unknown") adoptions.push({ organizationId, kardAuditId });
        }
      }),
    /** Brings the figures of a day up to date, as reading them does. */
    countDay: (organizationId: string, day: number) => insist("audits-api", (its) => its.countDay(organizationId, day)),
    /** Changes an issuer's own data on an audit, until there is a response. */
    change: (key: AuditKey, change: AnnotationsChange) => insist("audits-api", (its) => its.change(key, change)),
    refresh: (organizationId: string, auditId: string) =>
      invoke("audits-api", async (its) => {
        const audit = await stores.audits.get({ organizationId, auditId });
        return audit === undefined ? undefined : its.refresh(audit);
      }),
    /** Attaches Kard's id to an audit, as the runbook says, until there is a response. */
    resolve: (organizationId: string, auditId: string, kardAuditId: string) =>
      insist("audits-api", async (its) => {
        const audit = await stores.audits.get({ organizationId, auditId });
        const resolved = audit && (await its.resolve(audit, { kardAuditId }));
        if (resolved?.result === "unavailable" || resolved?.result === "under-way") throw new Error(resolved.result);
      }),
    /** Replays all recorded notifications. Returns their number. */
    async replayAll(): Promise<number> {
      const stored = [...rows.rows.values()].map(({ pk, sk }) => ({ pk: pk?.S ?? "", sk: sk?.S ?? "" }));
      const keys = stored.filter(({ sk }) => sk.startsWith("NOTIFICATION#")).map(notificationKeyOfRow);
      for (const key of keys) await insist("subscriptions-api", (its) => its.replay(key));
      return keys.length;
    },
    async subscribe(name: string, changes: Partial<Subscription> = {}) {
      const subscription: Subscription = {
        organizationId: "org",
        subscriptionId: name,
        webhookUrl: `https://${name}.example/`,
        eventNames: ["audit.closed", "audit.in_progress", "audit.rejected", "audit.overdue"],
        enabled: true,
        secrets: [{ secret: `whsec_${Buffer.from(name.padEnd(32, "-")).toString("base64")}` }],
        ...{ createdAt: time.clock(), revision: 1, sequence: 0 },
        ...changes,
      };
      await stores.subscriptions.create(subscription);
      const secret = subscription.secrets[0]?.secret ?? "";
      return endpoints.open(subscription.webhookUrl, subscription, secret);
    },
  };
}
