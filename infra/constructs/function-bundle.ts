import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

/** Every function has a folder of its own under `functions/`, whose `handler.ts` exports `handler`. */
export const functionFolders = [
  "audits-api",
  "subscriptions-api",
  "kard-webhook",
  "poll-audits",
  "sweep-outbox",
  "deliver-webhooks",
] as const;

/** The sources of a function. */
export function functionSources(folder: string): string {
  return join(import.meta.dirname, "../../functions", folder);
}

/** Where a published package has a function's bundle; `undefined` where it is made from the sources. */
export function builtFunction(folder: string): string | undefined {
  const built = join(import.meta.dirname, "../lambda", folder);
  return existsSync(built) ? built : undefined;
}

/**
 * Writes a function as one minified ES module with everything it needs inside.
 *
 * @param readable either a source map or, where that would be more than the code itself is worth, names as they are
 */
export function bundleFunction(folder: string, outputFolder: string, readable: "source-map" | "names"): void {
  // A published package has its bundles already and comes without esbuild.
  const { buildSync } = createRequire(import.meta.url)("esbuild") as typeof import("esbuild");
  buildSync({
    entryPoints: [join(functionSources(folder), "handler.ts")],
    outfile: join(outputFolder, "index.mjs"),
    bundle: true,
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: readable === "source-map",
    sourcemap: readable === "source-map",
    sourcesContent: false,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    // esbuild keeps `require` calls of CommonJS dependencies, and an ES module has no `require` of its own.
    // https://github.com/evanw/esbuild/issues/1921
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "error",
  });
}
