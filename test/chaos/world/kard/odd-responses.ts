import { interpretStatus } from "../../../../functions/adapters/kard/audit-status.ts";
import { interpretCreate } from "../../../../functions/adapters/kard/create-audit.ts";
import type { AuditRequest } from "../../../../functions/core/kard/audit-request.ts";
import type { CreateOutcome, KardAudit, StatusOptions, StatusOutcome } from "../../../../functions/core/kard/ports.ts";

// Responses in formats that are not in Kard's reference, interpreted by the adapters.

type Made = (kardAuditId: string, transactionId: string) => unknown;

const creates: Made[] = [
  (id, transactionId) => ({ data: { id, attributes: { transactionId } } }),
  (id) => ({ data: [{ id }] }),
  (id, transactionId) => ({
    data: [{ id, attributes: { transactionId: ` ${transactionId.toUpperCase()}` } }],
    errors: null,
  }),
  () => ({ data: [{ id: null }] }),
  (id) => ({ _id: id, transactionId: null }),
  () => "",
];

type Given = Record<string, unknown>;

/** These have no status. */
const unusable: ((given: Given) => unknown)[] = [
  ({ status: _, ...given }) => given,
  (given) => ({ ...given, status: "UNDER_REVIEW" }),
];
const usable: ((given: Given) => unknown)[] = [
  ({ status, resolutionCode, ...given }) => ({
    ...{ ...given, status: String(status).toLowerCase(), resolutionCode: String(resolutionCode) },
  }),
  (given) => ({
    ...{ ...given, merchantName: null, auditCode: "3006", transactionAmountInCents: 26.5, merchantId: 7 },
    resolutionDescription: null,
  }),
  (given) => ({ ...given, transactionId: {}, auditDescription: undefined, history: [] }),
];

const answered = (status: number, json: unknown) =>
  ({ answered: true, status, retryAfterMs: undefined, body: json === "" ? "" : JSON.stringify(json) }) as const;

/** Interprets the response to a create in another format for each number. */
export function oddCreate(outcome: CreateOutcome, { transactionId }: AuditRequest, number: number): CreateOutcome {
  if (outcome.outcome === "refused") {
    const errors = outcome.errors.map((error) => ({
      ...error,
      status: Number(error.status),
      title: null,
      source: null,
    }));
    return interpretCreate(answered(outcome.status, { errors }), transactionId);
  }
  if (outcome.outcome !== "accepted") return outcome;
  const shape = creates[number % creates.length] as Made;
  return interpretCreate(answered(201, shape(outcome.kardAuditId, transactionId)), transactionId);
}

/**
 * Interprets a status response in another format. The first two have no status; later ones use one format per audit.
 *
 * @param times how often the status was read before
 */
export function oddStatus(audit: KardAudit, times: number, options: StatusOptions = {}): StatusOutcome {
  const { kardAuditId: _id, request, status } = audit;
  const resolution = status === "CLOSED" ? audit.resolution : {};
  const shape = unusable[times] ?? usable[Number(_id.replace(/\D/g, "")) % usable.length] ?? ((given: Given) => given);
  return interpretStatus(answered(200, shape({ _id, ...request, status, ...resolution })), _id, options);
}
