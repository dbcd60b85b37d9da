import { Failure } from "../failure.ts";
import { problemOfColumns } from "./columns.ts";
import type { Row } from "./row.ts";

/**
 * Reads the rows of a JSON list of objects.
 *
 * @param metadata names that become metadata
 * @throws Failure (usage) for anything else
 */
export function jsonRows(file: string, text: string, metadata: readonly string[]): Row[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Failure("usage", `${file} is not JSON`);
  }
  if (!Array.isArray(content)) throw new Failure("usage", `${file} is not a JSON list`);
  return content.map((values: unknown, index) => {
    const line = index + 1;
    if (values === null || typeof values !== "object" || Array.isArray(values)) {
      return { line, values: {}, problem: "is not an object" };
    }
    return { line, values, problem: problemOfColumns(Object.keys(values), metadata) };
  });
}
