import { createHash } from "node:crypto";
import { join } from "node:path";
import { addContent, cachedDirectory } from "./directory-cache.ts";

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
  const name = assemblyKey(root, context);
  return cachedDirectory({ cache: folderOf(root), name, kept: keptAssemblies }, make);
}

function assemblyKey(root: string, context: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256").update(`${process.version}\n${JSON.stringify(context)}\n`);
  for (const source of sources) addContent(hash, root, source, (path) => path === notSource);
  return hash.digest("hex").slice(0, 32);
}
