import { Failure } from "../failure.ts";
import type { TableRecord } from "./table-rows.ts";

/** A workbook is a ZIP archive. The old format and password-protected workbooks are compound files. */
const zipMark = "504b0304";
const compoundFileMark = "d0cf11e0";

/** Whether a file is an Excel workbook, regardless of its name. */
export function isWorkbook(bytes: Buffer): boolean {
  return [zipMark, compoundFileMark].includes(bytes.toString("hex", 0, 4));
}

/**
 * Reads the first sheet of a workbook; the first record is the header.
 *
 * @throws Failure (usage) if the workbook cannot be read
 */
export async function xlsxRecords(file: string, bytes: Buffer): Promise<TableRecord[]> {
  if (bytes.toString("hex", 0, 4) === compoundFileMark) {
    throw new Failure(
      "usage",
      `${file} is in Excel's old format or has a password; save it as .xlsx without a password`,
    );
  }
  // 66 kB of code, loaded only for workbooks.
  const { readSheet } = await import("read-excel-file/universal");
  const cells = await readSheet(new Uint8Array(bytes).buffer, 1, { trim: false, parseNumber: asWritten }).catch(
    (error: unknown) => {
      throw new Failure("usage", `${file} is not an Excel workbook: ${error instanceof Error ? error.message : error}`);
    },
  );
  return cells.map((row, index) => {
    const wrong = row.find((cell) => problemOf(cell) !== undefined);
    return { line: index + 1, values: row.map(textOf), problem: wrong === undefined ? undefined : problemOf(wrong) };
  });
}

/** A number as text. */
class Digits {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function asWritten(text: string): Digits {
  const number = Number(text);
  return new Digits(Number.isSafeInteger(number) ? String(number) : text);
}

/** Excel keeps 15 digits of a number (Excel specifications and limits, "Number precision"). */
const maxDigits = 15;

function problemOf(cell: unknown): string | undefined {
  if (cell instanceof Date) return `has a date, ${cell.toISOString().slice(0, 10)}; format the column as text`;
  if (!(cell instanceof Digits) || Math.abs(Number(cell.text)) < 10 ** maxDigits) return undefined;
  return `has the number ${cell.text}, but Excel keeps only ${maxDigits} digits; format the column as text`;
}

function textOf(cell: unknown): string {
  if (cell instanceof Digits) return cell.text;
  return cell instanceof Date ? cell.toISOString() : String(cell ?? "");
}
