import { readFileSync } from "node:fs";
import * as z from "zod";
import { createAuditsBody, createLegacyAuditBody } from "../../functions/audits-api/audit-input.ts";
import { pathSegment } from "../api/routes.ts";
import { Failure } from "../failure.ts";
import { columnOf } from "./columns.ts";
import { csvRecords } from "./csv-records.ts";
import { decodeText } from "./decode-text.ts";
import { jsonRows } from "./json-rows.ts";
import { fieldsOf, hasColumn, type Row } from "./row.ts";
import { warningOf } from "./suspicious-values.ts";
import { tableRows } from "./table-rows.ts";
import { isWorkbook, xlsxRecords } from "./xlsx-records.ts";

const attributes = createAuditsBody.shape.data.element.shape.attributes;

/** A dispute to submit: by Kard's v2 call, or by the legacy call if it has no user. */
export type Dispute =
  | { userId: string; attributes: z.output<typeof attributes> }
  | { userId: undefined; attributes: z.output<typeof createLegacyAuditBody> };

/** A line of a file: a dispute, or why it is invalid. */
export interface DisputeLine {
  /** In a table the first line of the record; in a JSON file the position in the list, from 1. */
  line: number;
  transactionId: string | undefined;
  dispute: Dispute | undefined;
  problem: string | undefined;
  /** Values that a spreadsheet has probably damaged. The dispute can still be submitted. */
  warning?: string | undefined;
  /** Columns with values that have no field in Kard's v2 call or the tracker. */
  ignored?: string[] | undefined;
}

export interface ReadOptions {
  /** The issuer's name for lines without one; Kard's legacy call requires it. */
  issuer?: string | undefined;
  /** A label of the Encoding Standard. The default is UTF-8, or the encoding of the byte order mark. */
  encoding?: string | undefined;
  /** Columns that become metadata. */
  metadata?: readonly string[] | undefined;
}

/**
 * Reads a file of disputes: an Excel workbook, a JSON list of objects if its name ends in `.json`, otherwise CSV. An
 * invalid line does not affect the others.
 *
 * @throws Failure (usage) if the file cannot be read
 */
export async function readDisputes(file: string, options: ReadOptions): Promise<DisputeLine[]> {
  const rows = await rowsOf(file, options);
  if (rows.length === 0) throw new Failure("usage", `${file} has no disputes`);
  return rows.map((row) => {
    const fields = fieldsOf(row, options.metadata ?? []);
    const transactionId = typeof fields.transactionId === "string" ? fields.transactionId : undefined;
    const named = { line: row.line, transactionId };
    if (row.problem !== undefined) return { ...named, dispute: undefined, problem: row.problem };
    const ignored = fields.userId === undefined ? undefined : ignoredColumns(fields);
    return { ...named, ...disputeOf(row, fields, options.issuer), warning: warningOf(fields), ignored };
  });
}

async function rowsOf(file: string, { issuer, encoding, metadata = [] }: ReadOptions): Promise<Row[]> {
  const bytes = bytesOf(file);
  const expected = { hasIssuer: issuer !== undefined, metadata };
  if (isWorkbook(bytes)) return tableRows(file, await xlsxRecords(file, bytes), expected);
  const text = decodeText(file, bytes, encoding);
  return /\.json$/i.test(file) ? jsonRows(file, text, metadata) : tableRows(file, csvRecords(file, text), expected);
}

/** The unused columns of a line with a user. */
function ignoredColumns({ userId: _, ...fields }: Record<string, unknown>): string[] | undefined {
  const ignored = Object.keys(fields).filter((field) => !Object.hasOwn(attributes.shape, field));
  return ignored.length === 0 ? undefined : ignored.map(columnOf);
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new Failure("usage", `${file} cannot be read`);
  }
}

/** Fields that only Kard's legacy call requires. */
const legacyOnly = new Set(["preferredContactEmail", "issuer"]);
const v2Dispute = z.object({ userId: pathSegment, attributes });

function disputeOf(row: Row, fields: Record<string, unknown>, issuer: string | undefined) {
  const { userId, ...others } = fields;
  const result =
    userId === undefined
      ? createLegacyAuditBody.safeParse({ issuer, ...others })
      : v2Dispute.safeParse({ userId, attributes: others });
  if (!result.success) {
    const wrong = result.error.issues.map(({ path, message }) => ({ name: String(path.at(-1)), message }));
    const sentences = wrong.map(({ name, message }) => {
      if (fields[name] !== undefined) return `${name}: ${message}`;
      return `${name}: is ${hasColumn(row, name) ? "empty" : "missing"}`;
    });
    if (wrong.some(({ name }) => legacyOnly.has(name))) sentences.push("or give a userId");
    return { dispute: undefined, problem: sentences.join("; ") };
  }
  const dispute = (userId === undefined ? { userId, attributes: result.data } : result.data) as Dispute;
  return { dispute, problem: undefined };
}
