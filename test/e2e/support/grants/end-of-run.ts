import { readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { permissionReport } from "./permission-report.ts";
import { readRecorded } from "./recorded-grants.ts";
import { assemblyVariable } from "./shared-assembly.ts";

const folder = join(import.meta.dirname, "../..");

/** The test files that run the shared assembly. Each writes a record. */
function recordingFiles(): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts") && readFileSync(join(folder, file), "utf8").includes("startProduct("))
    .map((file) => basename(file));
}

/**
 * Jest's globalTeardown: compares the template's permissions with the functions' calls, and deletes the shared
 * assembly.
 *
 * @throws Error if all files have run and the permissions do not fit
 */
// biome-ignore lint/style/noDefaultExport: Jest requires one.
export default function endOfRun(): void {
  const assembly = process.env[assemblyVariable];
  if (assembly === undefined) return;
  const recorded = readRecorded(assembly);
  rmSync(assembly, { recursive: true, force: true });
  rmSync(`${assembly}-grants`, { recursive: true, force: true });
  const missing = recordingFiles().filter((file) => !recorded.has(file));
  // A run of a few files cannot show that a grant is not needed.
  if (missing.length > 0) return;
  const { text, problems } = permissionReport(recorded.values());
  console.log(`\n${text}`);
  if (problems.length > 0) throw new Error(`the permissions do not fit:\n  ${problems.join("\n  ")}`);
}
