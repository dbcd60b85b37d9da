import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import { createAuditsBody, createLegacyAuditBody } from "../functions/audits-api/audit-input.ts";
import { pathIdentifier } from "../functions/core/shared/text.ts";
import { fieldOf, problemOfColumns } from "./dispute-columns.ts";
import { Failure } from "./failure.ts";

const attributes = createAuditsBody.shape.data.element.shape.attributes;

/** What is filed: by Kard's v2 call, or without a user by its legacy one. */
export type Dispute =
  | { userId: string; attributes: z.output<typeof attributes> }
  | { userId: undefined; attributes: z.output<typeof createLegacyAuditBody> };

/** A line of a file: a dispute, or why it is none. */
export interface DisputeLine {
  /** In a CSV file the line it begins in; in a JSON file which of the list it is, from 1. */
  line: number;
  transactionId: string | undefined;
  dispute: Dispute | undefined;
  problem: string | undefined;
}

const numbers = ["auditCode", "transactionAmountInCents"];

/**
 * Reads a file of disputes: CSV, or a JSON list of objects where its name ends in `.json`. A line that is wrong takes
 * none of the others with it.
 *
 * @param issuer the issuer's name, which Kard's legacy call asks for, where a line has none
 * @throws Failure (usage) for a file that cannot be read at all
 */
export function readDisputes(file: string, issuer: string | undefined): DisputeLine[] {
  const rows = file.endsWith(".json") ? jsonRows(file) : csvRows(file);
  if (rows.length === 0) throw new Failure("usage", `${file} has no disputes`);
  return rows.map(({ line, row, problem }) => {
    const fields = named(row);
    const transactionId = typeof fields.transactionId === "string" ? fields.transactionId : undefined;
    if (problem !== undefined) return { line, transactionId, dispute: undefined, problem };
    return { line, transactionId, ...disputeOf(fields, issuer) };
  });
}

function disputeOf(fields: Record<string, unknown>, issuer: string | undefined) {
  const { userId, ...others } = fields;
  const result =
    userId === undefined
      ? createLegacyAuditBody.safeParse({ issuer, ...others })
      : z.object({ userId: pathIdentifier, attributes }).safeParse({ userId, attributes: others });
  if (!result.success) {
    const sentences = result.error.issues.map(({ path, message }) => `${String(path.at(-1))}: ${message}`);
    return { dispute: undefined, problem: sentences.join("; ") };
  }
  const dispute = (userId === undefined ? { userId, attributes: result.data } : result.data) as Dispute;
  return { dispute, problem: undefined };
}

interface Row {
  line: number;
  row: object;
  problem?: string;
}

function jsonRows(file: string): Row[] {
  let content: unknown;
  try {
    content = JSON.parse(textOf(file));
  } catch (error) {
    throw error instanceof Failure ? error : new Failure("usage", `${file} is not JSON`);
  }
  if (!Array.isArray(content)) throw new Failure("usage", `${file} is not a JSON list`);
  return content.map((row: unknown, index) => {
    const line = index + 1;
    if (row === null || typeof row !== "object" || Array.isArray(row))
      return { line, row: {}, problem: "is not an object" };
    const problem = problemOfColumns(Object.keys(row));
    return { line, row, ...(problem !== undefined && { problem }) };
  });
}

const csvRecord = z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) });

function csvRows(file: string): Row[] {
  let records: z.output<typeof csvRecord>[];
  try {
    // Lines of other lengths are told of one by one. A quote that is never closed spoils all that comes after it.
    const options = { info: true, relax_column_count: true, skip_empty_lines: true } as const;
    records = z.array(csvRecord).parse(parse(textOf(file), options));
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("usage", `${file} is not CSV: ${error instanceof Error ? error.message : error}`);
  }
  const [head, ...rest] = records;
  const names = head?.record.map((name) => name.trim()) ?? [];
  const wrong = problemOfColumns(names);
  if (wrong !== undefined) throw new Failure("usage", `${file} ${wrong}`);
  let end = head?.info.lines ?? 0;
  return rest.flatMap(({ record, info }) => {
    const line = end + 1;
    end = info.lines;
    // A spreadsheet leaves rows without a value behind.
    if (record.every((value) => value.trim() === "")) return [];
    const row = Object.fromEntries(names.map((name, index) => [name, record[index] ?? ""]));
    if (record.length === names.length) return [{ line, row }];
    return [{ line, row, problem: `has ${record.length} fields instead of ${names.length}` }];
  });
}

/** A row by Kard's names; what is empty is not there. */
function named(row: object): Record<string, unknown> {
  const entries = Object.entries(row).flatMap(([given, value]) => {
    const name = fieldOf(given) ?? given;
    if (value === "" || value === null) return [];
    return [[name, numbers.includes(name) && /^\d{1,15}$/.test(String(value)) ? Number(value) : value] as const];
  });
  return Object.fromEntries(entries);
}

/** A file's text, without the byte order mark that some programs begin it with. */
function textOf(file: string): string {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch {
    throw new Failure("usage", `${file} cannot be read`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Failure("usage", `${file} is not text in UTF-8: save it as such`);
  }
}
