import { isSameText } from "../shared/text.ts";
import type { AuditRequest } from "./audit-request.ts";

/** The readable fields of a request, as Kard shows them. */
export type RequestAtKard = {
  [Field in "transactionId" | "auditCode" | "merchantName" | "auditDescription"]?: AuditRequest[Field] | undefined;
};

/** Whether Kard's audit is for this request. Kard may format texts differently. */
export function isSameRequest(request: AuditRequest, atKard: RequestAtKard): boolean {
  return (
    request.auditCode === atKard.auditCode &&
    (["transactionId", "merchantName", "auditDescription"] as const).every((field) =>
      isSameText(request[field], atKard[field]),
    )
  );
}
