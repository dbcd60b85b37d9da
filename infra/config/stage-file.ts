import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const values = z.record(z.string(), z.unknown());

/**
 * Reads `stages/<stage>.json`, which stores a deployment's `-c` values. Without the file, a forgotten value would
 * remove its resource.
 *
 * @throws Error for a file that is not a JSON object
 */
export function readStageFile(
  stage: unknown,
  folder = join(import.meta.dirname, "../../stages"),
): Record<string, unknown> {
  if (typeof stage !== "string" || !/^\w+$/.test(stage)) return {};
  const file = join(folder, `${stage}.json`);
  return existsSync(file) ? values.parse(JSON.parse(readFileSync(file, "utf8"))) : {};
}
