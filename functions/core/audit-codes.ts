/** Kard's audit codes, from the "Create Audits" page of its reference. */
export const auditCodes = {
  3005: "Customer is claiming cashback is incorrect",
  3006: "Transaction is missing the cashback award",
  8001: "Other, see the description",
} as const;

/** Kard's resolution codes, from the "Get Audit Status" page. Kard may add some: an unknown code is carried through. */
export const resolutionCodes: Readonly<Record<number, string>> = {
  5001: "Transaction will be deleted",
  5002: "Settlement amount will be adjusted",
  5003: "Return amount will be adjusted",
  5004: "Reward dispute resolved",
  5005: "Transaction will be marked for write-off",
  5006: "Transaction will be marked as rejected",
  5007: "Transaction will be resent through webhook",
  5008: "Transaction will be resent through daily file",
  5009: "No change needed",
  9001: "Ineligible item in purchase",
  9002: "Return was made",
  9003: "User ineligible for offer",
  9004: "Redemption limit hit",
  9005: "Transaction not captured",
};
