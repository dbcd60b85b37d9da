import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const values = z.record(z.string(), z.unknown());

/**
 * What `stages/<stage>.json` says, so that nobody has to repeat a deployment's `-c` values: one that is forgotten
 * would take its resource away.
 *
 * @throws Error for a file that is not a JSON object
 */
export function readStageFile(
  stage: unknown,
  folder = join(import.meta.dirname, "../stages"),
): Record<string, unknown> {
  if (typeof stage !== "string" || !/^\w+$/.test(stage)) return {};
  const file = join(folder, `${stage}.json`);
  return existsSync(file) ? values.parse(JSON.parse(readFileSync(file, "utf8"))) : {};
}
