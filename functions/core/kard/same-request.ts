import { isSameText } from "../shared/text.ts";
import type { AuditRequest } from "./audit-request.ts";

/** What Kard says of a request: whatever could be read of it. */
export type RequestAtKard = {
  [Field in "transactionId" | "auditCode" | "merchantName" | "auditDescription"]?: AuditRequest[Field] | undefined;
};

/** Whether Kard's audit is of this request. Kard may write its texts in another way that says the same. */
export function isSameRequest(request: AuditRequest, atKard: RequestAtKard): boolean {
  return (
    request.auditCode === atKard.auditCode &&
    (["transactionId", "merchantName", "auditDescription"] as const).every((field) =>
      isSameText(request[field], atKard[field]),
    )
  );
}
