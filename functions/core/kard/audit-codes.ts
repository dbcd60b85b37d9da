/** Kard's audit codes, from the "Create Audits" page of its reference. */
export const auditCodes = {
  3005: "Customer is claiming cashback is incorrect",
  3006: "Transaction is missing the cashback award",
  8001: "Other, see the description",
} as const;
