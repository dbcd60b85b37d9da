import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuildOptions } from "esbuild";
import { bundleConsole } from "./console-bundle.ts";

/** The functions of a tracker. Each has its own folder under `functions/`, whose `handler.ts` exports `handler`. */
export const trackerFunctions = [
  "audits-api",
  "subscriptions-api",
  "kard-webhook",
  "poll-audits",
  "sweep-outbox",
  "deliver-webhooks",
] as const;

/** All functions. */
export const functionFolders = [...trackerFunctions, "canary", "audit-subscription"] as const;

const functions = join(import.meta.dirname, "../../functions");

/** What the functions' bundles have instead of packages, to start faster (docs/decisions/0007). */
const quickStart = () => ({
  "@aws-sdk/credential-provider-node": join(functions, "adapters/aws/lambda-credentials.ts"),
  "@smithy/node-http-handler": join(functions, "adapters/aws/no-default-handler.ts"),
  "node:http2": join(functions, "adapters/http/no-http2.cjs"),
  zod: join(functions, "platform/lazy-zod.ts"),
  "zod/v4/core": fileURLToPath(import.meta.resolve("zod/v4/core")),
  "zod/v4/locales/en.js": fileURLToPath(import.meta.resolve("zod/v4/locales/en.js")),
});

/** The sources of a function. */
export function functionSources(folder: string): string {
  return join(functions, folder);
}

/** Folder of a function's bundle in a published package; `undefined` if it is built from the sources. */
export function builtFunction(folder: string): string | undefined {
  const built = join(import.meta.dirname, "../lambda", folder);
  return existsSync(built) ? built : undefined;
}

/**
 * Files that undici loads for what the functions do not use: bodies of `FormData`, and a parser for machines without
 * SIMD, which Lambda does not have.
 */
const unusedByUndici = ["*/web/fetch/body.js", "*/web/fetch/formdata", "*/web/webidl", "*/llhttp/llhttp-wasm.js"];

/** Bundles a function, as `bundleModule` does. `audits-api` also gets the console's files. */
export function bundleFunction(folder: string, outputFolder: string, readable: "source-map" | "names"): void {
  bundleModule(join(functionSources(folder), "handler.ts"), outputFolder, readable);
  if (folder === "audits-api") bundleConsole(join(outputFolder, "console"));
}

/**
 * Bundles a module as a minified ES module, `index.mjs`, with all dependencies. Dynamic imports become files of their
 * own, which are read when they are first needed.
 *
 * @param readable a source map, or unminified names (smaller than a source map)
 * @param alias replacements of packages
 */
export function bundleModule(
  entryPoint: string,
  outputFolder: string,
  readable: "source-map" | "names",
  alias: Record<string, string> = quickStart(),
): void {
  // A published package contains the bundles and has no esbuild.
  const { buildSync } = createRequire(import.meta.url)("esbuild") as typeof import("esbuild");
  buildSync(moduleBuild(entryPoint, outputFolder, readable, alias));
}

/** The options of esbuild for `bundleModule`. */
export function moduleBuild(
  entryPoint: string,
  outdir: string,
  readable: "source-map" | "names",
  alias: Record<string, string> = quickStart(),
) {
  return {
    entryPoints: { index: entryPoint },
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: readable === "source-map",
    sourcemap: readable === "source-map",
    sourcesContent: false,
    platform: "node",
    target: "node24",
    format: "esm",
    mainFields: ["module", "main"],
    external: unusedByUndici,
    alias,
    inject: readable === "source-map" ? [join(functions, "platform/source-maps.ts")] : [],
    // undici's own build sets the first one to leave out an experimental parser.
    define: { esbuildDetection: "true", "process.env.JEST_WORKER_ID": "undefined" },
    // esbuild keeps `require` calls of CommonJS dependencies, but an ES module has no `require`.
    // https://github.com/evanw/esbuild/issues/1921
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
    logLevel: "error",
  } satisfies BuildOptions;
}
