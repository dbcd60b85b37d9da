import { readFileSync } from "node:fs";
import { join } from "node:path";

const text = readFileSync(join(import.meta.dirname, "../../docs/privacy.md"), "utf8");

/** The cells of the tables under a heading, without the header rows. */
function rowsUnder(heading: string): string[][] {
  const section = text.split(/^## /m).find((part) => part.startsWith(`${heading}\n`));
  if (section === undefined) throw new Error(`docs/privacy.md has no section ${heading}`);
  const rows = section.split("\n").map((line) =>
    line.startsWith("|")
      ? line
          .split("|")
          .slice(1, -1)
          .map((cell) => cell.trim())
      : undefined,
  );
  return rows.flatMap((row, index) => {
    const isHead = rows[index + 1]?.every((cell) => /^-+$/.test(cell)) === true;
    return row === undefined || isHead || row.every((cell) => /^-+$/.test(cell)) ? [] : [row];
  });
}

/** The words in code format. */
function namesIn(...cells: string[]): string[] {
  return cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name));
}

/** The fields of each item in docs/privacy.md. */
export const documentedFields = new Map(
  rowsUnder("Stored data").map(([item = "", ...cells]) => [item, namesIn(...cells)]),
);

const logged = rowsUnder("Logs");
const isOfAccessLog = ([first = ""]: string[]) => first.startsWith("`");

/** The documented fields of the access log. */
export const documentedAccessLog = logged.filter(isOfAccessLog).flatMap(([fields = ""]) => namesIn(fields));

/** The documented log messages with their fields, without the common ones. */
export const documentedMessages = new Map(
  logged.filter((row) => !isOfAccessLog(row)).map(([message = "", fields = ""]) => [message, namesIn(fields)]),
);

/** The permissions that the commands need. */
export const documentedActions = [...text.matchAll(/`dynamodb:(\w+)`/g)].map(([, action = ""]) => action);
