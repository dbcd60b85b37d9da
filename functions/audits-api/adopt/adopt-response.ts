import type * as z from "zod";
import { timestamp } from "../../core/events/events.ts";
import { type Adoption, givenUpAt } from "../../core/tracking/adoption.ts";
import { type ErrorObject, errorObject } from "../../platform/http-error.ts";
import { auditResource } from "../audit/audit-details.ts";
import type { partlyAdoptedAudits, pendingAdoption, pendingAdoptions } from "../audit-shapes.ts";
import type { AdoptionResult } from "./adopt-audits.ts";

/**
 * The response to an adoption, with one result per position: 201 if all are tracked, 202 if some are pending, 207 if
 * some failed, and the errors' own status if all failed.
 */
export function adoptResponse(results: readonly AdoptionResult[]): {
  statusCode: number;
  body: z.infer<typeof pendingAdoptions> | z.infer<typeof partlyAdoptedAudits>;
} {
  const data = results.flatMap((result) => shown(result) ?? []);
  const errors = results.flatMap((result, position) => errorOf(result, position) ?? []);
  const isPending = results.some(({ result }) => result === "pending");
  if (errors.length === 0) return { statusCode: isPending ? 202 : 201, body: { data } };
  const statuses = new Set(errors.map(({ status }) => status));
  const shared = data.length === 0 && statuses.size === 1 ? Number(errors[0]?.status) : 207;
  return { statusCode: shared, body: data.length === 0 ? { errors } : { errors, data } };
}

function shown(result: AdoptionResult) {
  switch (result.result) {
    case "adopted":
    case "already-tracked":
      return auditResource(result.audit);
    case "pending":
      return pendingResource(result.adoption);
    case "unknown":
    case "not-stored":
      return undefined;
  }
}

function pendingResource(adoption: Adoption): z.infer<typeof pendingAdoption> {
  const { organizationId, kardAuditId, userId, createdAt, laneAt } = adoption;
  return {
    type: "adoption",
    id: kardAuditId,
    attributes: {
      organizationId,
      kardAuditId,
      status: "PENDING",
      createdAt: timestamp(createdAt),
      nextAttemptAt: timestamp(laneAt),
      givenUpAt: timestamp(givenUpAt(adoption)),
    },
    relationships: { user: { data: { type: "user", id: userId } } },
  };
}

function errorOf({ result }: AdoptionResult, position: number): ErrorObject | undefined {
  const source = { pointer: `/data/${position}/attributes/kardAuditId` };
  switch (result) {
    case "unknown":
      return errorObject(404, "Kard does not know this audit", source);
    case "not-stored":
      return errorObject(503, "could not be stored; send it again", source);
    case "adopted":
    case "already-tracked":
    case "pending":
      return undefined;
  }
}
