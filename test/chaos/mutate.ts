import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import pMap from "p-map";
import type { Mutant } from "./mutants/mutant.ts";
import { mutantsOfDeliveries } from "./mutants/of-deliveries.ts";
import { mutantsOfPolling } from "./mutants/of-polling.ts";
import { mutantsOfPublishing } from "./mutants/of-publishing.ts";
import { mutantsOfStoring } from "./mutants/of-storing.ts";
import { mutantsOfSubmitting } from "./mutants/of-submitting.ts";
import { mutantsOfTargets } from "./mutants/of-targets.ts";
import { definitionVariable, readTableDefinition } from "./world/table-definition.ts";

const mutants: Readonly<Record<string, Mutant>> = {
  ...mutantsOfStoring,
  ...mutantsOfPolling,
  ...mutantsOfSubmitting,
  ...mutantsOfPublishing,
  ...mutantsOfDeliveries,
  ...mutantsOfTargets,
};

const root = join(import.meta.dirname, "../..");
/** The folders that the suite needs. */
const parts = ["functions", "infra", "test/chaos", "test/support", "package.json"];

/** A small part of the suite detects most mutants. The others run a larger part, and then every single fault. */
const budgets = [
  ["--singles", "300", "--orders", "40", "--steps", "500", "--pairs", "100"],
  ["--singles", "2000", "--orders", "600", "--steps", "5000", "--pairs", "1000"],
  ["singles"],
];

/**
 * Plants each mutant in a copy of the sources and runs the suite there.
 *
 * @param only runs only mutants whose name contains this
 * @param jobs how many mutants run at once, each in its own copy
 * @returns the number of mutants, and the undetected ones
 * @throws if a mutant can no longer be planted
 */
export async function mutate(
  { only = "", jobs }: { only?: string | undefined; jobs: number },
  log: (line: string) => void,
): Promise<{ planted: number; survivors: string[] }> {
  const definition = JSON.stringify(await readTableDefinition());
  const wanted = [...(await plantAll())].filter(([name]) => name.includes(only));
  const survivors: string[] = [];
  await pMap(
    wanted,
    async ([name, { file, source }]) => {
      const copy = await copied();
      try {
        await writeFile(join(copy, file), source);
        const caught = await proofIn(copy, definition);
        log(`${caught === undefined ? "✗" : "✓"} ${name}: ${caught ?? "not caught"}`);
        if (caught === undefined) survivors.push(name);
      } finally {
        await rm(copy, { recursive: true });
      }
    },
    { concurrency: jobs },
  );
  return { planted: wanted.length, survivors };
}

/**
 * The sources with each mutant planted, by its name.
 *
 * @throws if a mutant can no longer be planted
 */
export async function plantAll(): Promise<Map<string, { file: string; source: string }>> {
  const sources = new Map<string, { file: string; source: string }>();
  for (const [name, mutant] of Object.entries(mutants)) {
    const source = await readFile(join(root, mutant.file), "utf8");
    sources.set(name, { file: mutant.file, source: planted(name, source, mutant) });
  }
  return sources;
}

async function copied(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "chaos-"));
  for (const part of parts) await cp(join(root, part), join(copy, part), { recursive: true });
  await symlink(join(root, "node_modules"), join(copy, "node_modules"));
  return copy;
}

function planted(name: string, source: string, { file, before, after }: Mutant): string {
  const [head, tail, ...more] = source.split(before);
  if (head === undefined || tail === undefined || more.length > 0) {
    throw new Error(`"${name}" does not apply: ${file} must hold it exactly once`);
  }
  return head + after + tail;
}

/** The first failed check; `undefined` if none failed. */
async function proofIn(cwd: string, definition: string): Promise<string | undefined> {
  for (const budget of budgets) {
    const options = ["test/chaos/main.ts", "--bail", ...budget];
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...options], {
      cwd,
      env: { ...process.env, [definitionVariable]: definition },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [output, errors] = await Promise.all([text(child.stdout), text(child.stderr)]);
    const fault = /^✗ (.*)/m.exec(output)?.[1];
    const violation = /^ {4}(.*)/m.exec(output)?.[1];
    if (fault !== undefined) return `${fault.slice(0, 100)}: ${violation?.slice(0, 120)}`;
    // An error of the suite itself is not a detection.
    if (errors.trim() !== "") throw new Error(errors);
  }
  return undefined;
}
