import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { build, stop, version } from "esbuild";
import * as z from "zod";
import { type BuiltFile, consoleBuild, consoleFiles } from "../constructs/console-bundle.ts";
import { functionSources, moduleBuild } from "../constructs/function-bundle.ts";
import { addContent, cachedDirectory, findDirectory } from "./directory-cache.ts";

const checkout = join(import.meta.dirname, "../..");

/** `npm ci` deletes it, too. */
const cache = join(checkout, "node_modules/.cache/kard-audit-tracker-bundles");

/** Nothing is written there. Source maps refer to the sources as in the output of `cdk synth`. */
const nominalFolder = join(checkout, "cdk.out/bundle");

// esbuild allocates about 1 GB, and saves a fifth of its CPU time if it does not collect garbage below that.
// https://go.dev/doc/gc-guide#Memory_limit
process.env.GOGC ??= "off";
process.env.GOMEMLIMIT ??= "1GiB";

/** What decides how esbuild finds and bundles files, besides the files themselves. */
const settings = ["infra/constructs", "infra/local/bundle-cache.ts", "package-lock.json", "tsconfig.json"];

/** A bundle with its source maps takes 4 MB. */
const keptBundles = 3;

/**
 * Bundles a function as a synthesis does, or takes the bundle from the cache if none of the files changed that it was
 * made of.
 *
 * @returns a directory that must not be changed
 * @throws if the function does not build; esbuild prints the errors
 */
export async function cachedBundle(folder: string): Promise<string> {
  const bundles = join(cache, folder);
  const record = join(cache, `${folder}.json`);
  const known = readInputs(record);
  const found = known && findDirectory(bundles, keyOf(known));
  if (found !== undefined) return join(found, "bundle");

  const startedAt = Date.now();
  const { inputs, files } = await bundle(folder);
  // The key must be that of the content that was bundled.
  if (inputs.some((input) => statSync(join(checkout, input)).mtimeMs >= startedAt)) return cachedBundle(folder);
  const made = await cachedDirectory({ cache: bundles, name: keyOf(inputs), kept: keptBundles }, (directory) =>
    writeFiles(files, join(directory, "bundle")),
  );
  writeFileSync(record, JSON.stringify(inputs));
  return join(made, "bundle");
}

/** Bundles a function into a directory. Several functions can be bundled at a time. */
export async function writeBundle(folder: string, directory: string): Promise<void> {
  writeFiles((await bundle(folder)).files, directory);
}

/** Builds that have not ended. */
let building = 0;

/** The files of a function's bundle, and the files that it is made of, by their paths in the checkout. */
async function bundle(folder: string): Promise<{ inputs: string[]; files: BuiltFile[] }> {
  const consoleFolder = join(nominalFolder, "console");
  const common = { absWorkingDir: checkout, metafile: true, write: false } as const;
  building += 1;
  try {
    const [module, page] = await Promise.all([
      build({ ...moduleBuild(join(functionSources(folder), "handler.ts"), nominalFolder, "source-map"), ...common }),
      folder === "audits-api" ? build({ ...consoleBuild(consoleFolder), ...common }) : undefined,
    ]);
    return {
      inputs: [module, page].flatMap((result) => Object.keys(result?.metafile.inputs ?? {})).filter(isFile),
      files: [...module.outputFiles, ...(page === undefined ? [] : consoleFiles(page.outputFiles, consoleFolder))],
    };
  } finally {
    building -= 1;
    // It holds hundreds of megabytes. A later build starts it again.
    if (building === 0) await stop();
  }
}

/** esbuild lists disabled files as inputs, too: `(disabled):node_modules/…`. */
const isFile = (input: string) => existsSync(join(checkout, input));

function writeFiles(files: readonly BuiltFile[], directory: string): void {
  for (const { path, contents } of files) {
    const file = join(directory, relative(nominalFolder, path));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents);
  }
}

function keyOf(inputs: readonly string[]): string {
  const hash = createHash("sha256").update(`${version}\n`);
  for (const source of [...settings, ...inputs]) addContent(hash, checkout, source);
  return hash.digest("hex").slice(0, 32);
}

function readInputs(record: string): string[] | undefined {
  try {
    return z.array(z.string()).parse(JSON.parse(readFileSync(record, "utf8")));
  } catch {
    return undefined;
  }
}
