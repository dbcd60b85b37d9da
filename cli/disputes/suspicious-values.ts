const ids = new Set(["transactionId", "userId", "merchantId", "referringPartnerUserId"]);

/** A number as a spreadsheet shows it when it has no room for its digits; its last digits are lost. */
const scientific = /^\d(?:[.,]\d+)?E\+?\d{1,3}$/i;

/** What a spreadsheet has probably damaged in a row: an id, or letters. */
export function warningOf(fields: Readonly<Record<string, unknown>>): string | undefined {
  const warnings = Object.entries(fields).flatMap(([name, value]) => {
    if (typeof value !== "string") return [];
    if (ids.has(name) && scientific.test(value)) {
      return `${name}: ${value} looks like a number that a spreadsheet has shortened; format the column as text`;
    }
    return value.includes("\ufffd") ? `${name}: has U+FFFD in place of letters that were lost` : [];
  });
  return warnings.length === 0 ? undefined : warnings.join("; ");
}
