/**
 * Texts from which a spreadsheet would run a formula, and their harmless forms. Excel separates cells at the separator
 * of the computer's region, which can be `;`, and many programs also at tabs.
 */
export const formulaTexts: readonly (readonly [string, string])[] = [
  ["=1+1", "'=1+1"],
  ["+1", "'+1"],
  ["-1", "'-1"],
  ["@SUM(A1)", "'@SUM(A1)"],
  ["\uff1d1", "'\uff1d1"],
  [" =1", " '=1"],
  ["\t=1", "\t'=1"],
  ["\n=1", "\n'=1"],
  ["\r=1", "\r'=1"],
  ["Missing\n=cmd|'/C calc'!A0", "Missing\n'=cmd|'/C calc'!A0"],
  ["Missing\r\n=1", "Missing\r\n'=1"],
  ["Missing\r=1", "Missing\r'=1"],
  ["Shop;=cmd|'/C calc'!A0;x", "Shop;'=cmd|'/C calc'!A0;x"],
  ["Shop\t@SUM(A1)", "Shop\t'@SUM(A1)"],
  [`Shop; "=1";"+1`, `Shop; "'=1";"'+1`],
];

/** Texts that stay as they are. */
export const plainTexts: readonly string[] = ['a "b", c;d\r\ne\nf', "1-1=0; x=y", "a@b.example"];
