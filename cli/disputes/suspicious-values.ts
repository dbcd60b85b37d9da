const ids = new Set(["transactionId", "userId", "merchantId", "referringPartnerUserId", "reference"]);

/** A number in scientific notation, as a spreadsheet shows it. Its last digits are lost. */
const scientific = /^\d(?:[.,]\d+)?E\+?\d{1,3}$/i;

/** Finds ids and letters that a spreadsheet has probably damaged. */
export function warningOf(fields: Readonly<Record<string, unknown>>): string | undefined {
  const warnings = Object.entries(fields).flatMap(([name, value]) => {
    if (typeof value !== "string") return [];
    if (ids.has(name) && scientific.test(value)) {
      return `${name}: ${value} looks like a number that a spreadsheet has shortened; format the column as text`;
    }
    return value.includes("\ufffd") ? `${name}: contains U+FFFD, so letters were lost` : [];
  });
  return warnings.length === 0 ? undefined : warnings.join("; ");
}
