import { registerHooks } from "node:module";
import { addEventHandler } from "jest-circus";
import { compileCache } from "../../../infra/local/compile-cache.ts";
import { limitTime } from "./limit-time.ts";

/*
 * jest-light-runner runs test files in plain Node.js, many in one process: libraries and the product are loaded once
 * a process instead of once a file, which halves the time of the whole suite. This separates the files.
 */
const globals = new URL("globals.ts", import.meta.url).href;
const tests = new URL("../../", import.meta.url).href;
// The CDK would validate each synthesized template, in seconds. test/infra/template/template-validation.test.ts
// validates them all.
process.env.CDK_VALIDATION = "false";
// The emulators and the programs that tests start reuse compiled modules. Test files would not be faster with them.
process.env.NODE_COMPILE_CACHE ??= compileCache;
const environment = { ...process.env };
const directory = process.cwd();

registerHooks({
  resolve(specifier, context, next) {
    // Outside Jest's own runtime, importing the package throws.
    if (specifier === "@jest/globals") return { url: globals, shortCircuit: true };
    const resolved = next(specifier, context);
    if (!context.parentURL || !resolved.url.startsWith(tests)) return resolved;
    if (!context.parentURL.startsWith(tests)) beginFile();
    // The runner loads a test file with a query of its own; what it imports of test/ is loaded anew with the same
    // query, so that hooks and state of supporting modules belong to one test file.
    return { ...resolved, url: resolved.url + new URL(context.parentURL).search };
  },
});

function beginFile() {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  process.chdir(directory);
  (globalThis as { jest?: { restoreAllMocks(): void } }).jest?.restoreAllMocks();
}

addEventHandler(limitTime);
