import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import * as z from "zod";
import type { LocalStack } from "../../../../infra/local/runner/local-stack-type.ts";
import type { UsedGrant } from "../../../support/stack-instruments/grant-usage.ts";
import { assemblyVariable } from "./shared-assembly.ts";

const grant = z.object({
  role: z.string(),
  action: z.string(),
  resource: z.string(),
  condition: z.string(),
  uses: z.number(),
});
const recorded = z.object({ calls: z.number(), denied: z.number(), grants: z.array(grant) });

/** A test file's AWS calls, denied calls and used grants. */
export type Recorded = z.output<typeof recorded>;

/** Folder of the records of one run, next to the shared assembly. */
const folderOf = (assembly: string) => `${assembly}-grants`;

/** Writes the record of a test file. */
export function recordGrants(stack: LocalStack, grants: readonly UsedGrant[], testPath: string): void {
  const assembly = process.env[assemblyVariable];
  if (assembly === undefined) return;
  const folder = folderOf(assembly);
  mkdirSync(folder, { recursive: true });
  const calls = stack.usage().filter(({ caller }) => caller !== "operator");
  const content: Recorded = {
    calls: calls.reduce((sum, usage) => sum + usage.calls, 0),
    denied: stack.violations.filter(({ kind }) => kind === "access denied").length,
    grants: [...grants],
  };
  writeFileSync(join(folder, `${basename(testPath)}.json`), JSON.stringify(content));
}

/** Reads the records of a run, by file. */
export function readRecorded(assembly: string): Map<string, Recorded> {
  const folder = folderOf(assembly);
  mkdirSync(folder, { recursive: true });
  return new Map(
    readdirSync(folder).map((file) => [
      basename(file, ".json"),
      recorded.parse(JSON.parse(readFileSync(join(folder, file), "utf8"))),
    ]),
  );
}
