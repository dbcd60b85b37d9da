import { rmSync } from "node:fs";
import { assemblyVariable } from "./shared-assembly.ts";

/** Deletes what was synthesized for all files: Jest's globalTeardown. */
// biome-ignore lint/style/noDefaultExport: Jest asks for one.
export default function deleteAssembly(): void {
  const directory = process.env[assemblyVariable];
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
}
