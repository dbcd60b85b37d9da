import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const sourceMap = z.object({ sources: z.array(z.string()) });

/**
 * Whether a bundle contains a source file, by its source maps. The console's files have none: they belong to the bundle
 * with a folder `console`.
 *
 * @param path relative to the checkout, as `functions/core/audits/audit.ts`
 */
export function isBundledFrom(bundle: string, path: string): boolean {
  const files = readdirSync(bundle);
  if (path.startsWith("functions/console/")) return files.includes("console");
  return files
    .filter((file) => file.endsWith(".map"))
    .flatMap((file) => sourceMap.parse(JSON.parse(readFileSync(join(bundle, file), "utf8"))).sources)
    .some((source) => source === path || source.endsWith(`/${path}`));
}
