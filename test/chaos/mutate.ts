import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Mutant } from "./mutants/mutant.ts";
import { mutantsOfAudits } from "./mutants/of-audits.ts";
import { mutantsOfDeliveries } from "./mutants/of-deliveries.ts";
import { definitionVariable, readTableDefinition } from "./table-definition.ts";

export const mutants: Readonly<Record<string, Mutant>> = { ...mutantsOfAudits, ...mutantsOfDeliveries };

const root = join(import.meta.dirname, "../..");
/** What the proof runs on. */
const parts = ["functions", "test/chaos", "test/support", "package.json"];

/**
 * Plants each defect alone in a copy of the sources and has the proof run there.
 *
 * @returns the defects that it did not catch
 * @throws if a defect can no longer be planted
 */
export async function mutate(only: string | undefined, log: (line: string) => void): Promise<string[]> {
  const definition = JSON.stringify(await readTableDefinition());
  const copy = await mkdtemp(join(tmpdir(), "chaos-"));
  const survivors: string[] = [];
  try {
    for (const part of parts) await cp(join(root, part), join(copy, part), { recursive: true });
    await symlink(join(root, "node_modules"), join(copy, "node_modules"));
    for (const [name, mutant] of Object.entries(mutants)) {
      if (only !== undefined && !name.includes(only)) continue;
      const source = await readFile(join(root, mutant.file), "utf8");
      await writeFile(join(copy, mutant.file), planted(name, source, mutant));
      const caught = await proofIn(copy, definition);
      await writeFile(join(copy, mutant.file), source);
      log(`${caught === undefined ? "✗" : "✓"} ${name}: ${caught ?? "not caught"}`);
      if (caught === undefined) survivors.push(name);
    }
  } finally {
    await rm(copy, { recursive: true });
  }
  return survivors;
}

function planted(name: string, source: string, { file, before, after }: Mutant): string {
  const [head, tail, ...more] = source.split(before);
  if (head === undefined || tail === undefined || more.length > 0) {
    throw new Error(`"${name}" does not apply: ${file} must hold it exactly once`);
  }
  return head + after + tail;
}

/** The check that failed first, in words; `undefined` when none did. */
async function proofIn(directory: string, definition: string): Promise<string | undefined> {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "test/chaos/main.ts", "--bail"], {
    cwd: directory,
    env: { ...process.env, [definitionVariable]: definition },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const found = /^✗ (.*)\n +(.*)/m.exec(output);
  if (found !== null) return `${found[1]?.slice(0, 100)}: ${found[2]?.slice(0, 120)}`;
  return errors.trim() === "" ? undefined : errors.trim().split("\n").at(-1);
}
