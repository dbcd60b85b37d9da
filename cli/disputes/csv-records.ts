import { parse } from "csv-parse/sync";
import * as z from "zod";
import { Failure } from "../failure.ts";
import { fieldOf } from "./columns.ts";
import type { TableRecord } from "./table-rows.ts";

const parsedRecord = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) });

/** Excel uses the second where the comma is the decimal separator, and the third for "Unicode Text". */
const delimiters = [",", ";", "\t"];

/**
 * Parses a CSV file; the first record is the header, and an empty line is a record without values. The delimiter is the
 * one that gives the most known columns. Line ends within a value become LF, as a program that saves the file again may
 * change them.
 *
 * @throws Failure (usage) if the text is not CSV
 */
export function csvRecords(file: string, given: string): TableRecord[] {
  // A file that was joined or edited on several systems has several line ends.
  const text = given.replaceAll(/\r\n?/g, "\n");
  const known = (delimiter: string) => headerOf(text, delimiter).filter((name) => fieldOf(name) !== undefined).length;
  const [delimiter = ","] = delimiters.toSorted((one, other) => known(other) - known(one));
  let records: z.output<typeof parsedRecord>[];
  try {
    // Lines of other lengths are reported individually. An unclosed quote makes the rest unusable.
    const options = { delimiter, info: true, relax_column_count: true } as const;
    records = z.array(parsedRecord).parse(parse(text, options));
  } catch (error) {
    throw new Failure("usage", `${file} is not CSV: ${error instanceof Error ? error.message : error}`);
  }
  return records.map(({ record }, index) => ({
    line: (records[index - 1]?.info.lines ?? 0) + 1,
    values: record,
  }));
}

function headerOf(text: string, delimiter: string): string[] {
  try {
    const options = { delimiter, to: 1, skip_empty_lines: true } as const;
    const [header] = z.array(z.array(z.string())).parse(parse(text, options));
    return header?.map((name) => name.trim()) ?? [];
  } catch {
    return [];
  }
}
