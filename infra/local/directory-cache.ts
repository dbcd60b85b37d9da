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

/** A hash of the directory's content, in the directory. */
const digestFile = "content.sha256";

/**
 * Finds a directory in a cache, or makes it. A directory that was damaged is made again.
 *
 * @param name is the same only for the same content
 * @param kept how many directories the cache keeps; those that were not used for the longest time are deleted
 * @param make writes to an empty directory
 * @returns a directory that must not be changed
 * @throws what `make` throws; then nothing is cached
 */
export async function cachedDirectory(
  { cache, name, kept }: { readonly cache: string; readonly name: string; readonly kept: number },
  make: (directory: string) => Promise<void> | void,
): Promise<string> {
  const cached = join(cache, name);
  if (findDirectory(cache, name) === undefined) {
    mkdirSync(cache, { recursive: true });
    const made = mkdtempSync(join(cache, "new-"));
    try {
      await make(made);
      writeFileSync(join(made, digestFile), digestOf(made));
      renameSync(made, cached);
    } catch (error) {
      rmSync(made, { recursive: true, force: true });
      // Another process has been faster.
      if (!existsSync(cached)) throw error;
    }
    deleteOldest(cache, kept);
  }
  return cached;
}

/** A directory of a cache, unless it is missing or was damaged. */
export function findDirectory(cache: string, name: string): string | undefined {
  const cached = join(cache, name);
  if (!existsSync(cached)) return undefined;
  if (isIntact(cached)) {
    utimesSync(cached, new Date(), new Date());
    return cached;
  }
  discard(cached, cache);
  return undefined;
}

/** Adds a file, or all files of a folder, to a hash. */
export function addContent(hash: Hash, root: string, source: string, isLeftOut = (_source: string) => false): void {
  const path = join(root, source);
  if (isLeftOut(source) || !existsSync(path)) return;
  if (statSync(path).isDirectory()) {
    for (const name of readdirSync(path).sort()) addContent(hash, root, join(source, name), isLeftOut);
    return;
  }
  const content = readFileSync(path);
  hash.update(`${source}\n${content.length}\n`).update(content);
}

function digestOf(directory: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(directory).sort()) if (name !== digestFile) addContent(hash, directory, name);
  return hash.digest("hex");
}

/** Whether a directory has the content that was written. */
function isIntact(directory: string): boolean {
  try {
    return readFileSync(join(directory, digestFile), "utf8") === digestOf(directory);
  } catch {
    return false;
  }
}

/** Moves a damaged directory away before deleting it, so no other process finds half of it. */
function discard(damaged: string, cache: string): void {
  const away = mkdtempSync(join(cache, "damaged-"));
  try {
    renameSync(damaged, join(away, "directory"));
  } catch (error) {
    // Another process has been faster.
    if (existsSync(damaged) && !isIntact(damaged)) throw error;
  } finally {
    rmSync(away, { recursive: true, force: true });
  }
}

/** Deletes the directories that were not used for the longest time, and what a killed process left behind. */
function deleteOldest(cache: string, kept: number): void {
  const entries = readdirSync(cache).map((name) => ({ path: join(cache, name), usedAt: usedAt(join(cache, name)) }));
  for (const { path } of entries.sort((a, b) => b.usedAt - a.usedAt).slice(kept)) {
    rmSync(path, { recursive: true, force: true });
  }
}

/** 0 if another process has just deleted it. */
function usedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
