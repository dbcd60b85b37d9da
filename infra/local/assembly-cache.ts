import { createHash, type Hash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

const checkout = join(import.meta.dirname, "../..");

/** `npm ci` deletes it, too. */
const folderOf = (root: string) => join(root, "node_modules/.cache/kard-audit-tracker");

/** What an assembly is made of: the app, what it bundles, and the locked versions of the packages. */
const sources = [
  "cli",
  "docs/contract",
  "functions",
  "infra",
  "stages",
  "cdk.json",
  "tsconfig.json",
  "package.json",
  "package-lock.json",
];

/** The runner of assemblies is no part of them. */
const notSource = "infra/local";

/** A hash of the assembly's content, in the assembly. */
const digestFile = "content.sha256";

/** An assembly with source maps takes 13 MB. */
const keptAssemblies = 10;

/**
 * Finds the assembly of a context in the cache, or synthesizes it. The cache notices every change of the sources by
 * their content.
 *
 * @param make writes the assembly to an empty directory
 * @returns a directory that must not be changed
 * @throws what `make` throws; then nothing is cached
 */
export async function cachedAssembly(
  context: Readonly<Record<string, string>>,
  make: (directory: string) => Promise<void>,
  root = checkout,
): Promise<string> {
  const folder = folderOf(root);
  const cached = join(folder, assemblyKey(root, context));
  if (existsSync(cached) && !isIntact(cached)) discard(cached, folder);
  if (!existsSync(cached)) {
    mkdirSync(folder, { recursive: true });
    const made = mkdtempSync(join(folder, "new-"));
    try {
      await make(made);
      writeFileSync(join(made, digestFile), digestOf(made));
      renameSync(made, cached);
    } catch (error) {
      rmSync(made, { recursive: true, force: true });
      // Another process has been faster.
      if (!existsSync(cached)) throw error;
    }
    deleteOldest(folder);
  }
  utimesSync(cached, new Date(), new Date());
  return cached;
}

function assemblyKey(root: string, context: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256").update(`${process.version}\n${JSON.stringify(context)}\n`);
  for (const source of sources) addContent(hash, root, source);
  return hash.digest("hex").slice(0, 32);
}

function addContent(hash: Hash, root: string, source: string): void {
  const path = join(root, source);
  if (source === notSource || !existsSync(path)) return;
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort()) addContent(hash, root, join(source, name));
    return;
  }
  const content = readFileSync(path);
  hash.update(`${source}\n${content.length}\n`).update(content);
}

function digestOf(assembly: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(assembly).sort()) if (name !== digestFile) addContent(hash, assembly, name);
  return hash.digest("hex");
}

/** Whether an assembly has the content that was synthesized. */
function isIntact(assembly: string): boolean {
  try {
    return readFileSync(join(assembly, digestFile), "utf8") === digestOf(assembly);
  } catch {
    return false;
  }
}

/** Moves a damaged assembly away before deleting it, so no other process finds half of it. */
function discard(damaged: string, folder: string): void {
  const away = mkdtempSync(join(folder, "damaged-"));
  try {
    renameSync(damaged, join(away, "assembly"));
  } catch (error) {
    // Another process has been faster.
    if (existsSync(damaged) && !isIntact(damaged)) throw error;
  } finally {
    rmSync(away, { recursive: true, force: true });
  }
}

/** Deletes the assemblies that were not used for the longest time, and what a killed process left behind. */
function deleteOldest(folder: string): void {
  const entries = readdirSync(folder).map((name) => ({ path: join(folder, name), usedAt: usedAt(join(folder, name)) }));
  for (const { path } of entries.sort((a, b) => b.usedAt - a.usedAt).slice(keptAssemblies)) {
    rmSync(path, { recursive: true, force: true });
  }
}

/** 0 if another process has just deleted it. */
function usedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
