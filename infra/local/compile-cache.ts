import { enableCompileCache } from "node:module";
import { join } from "node:path";

/** Folder of compiled modules. `npm ci` deletes it. */
export const compileCache = join(import.meta.dirname, "../../node_modules/.cache/kard-audit-tracker-code");

/**
 * Makes this process, its emulators and its child processes reuse compiled modules of earlier starts, which also saves
 * stripping their types. Node.js uses an entry only for the same source and the same version of Node.js.
 * https://nodejs.org/docs/latest-v24.x/api/module.html#module-compile-cache
 */
export function useCompileCache(): void {
  process.env.NODE_COMPILE_CACHE ??= compileCache;
  enableCompileCache(process.env.NODE_COMPILE_CACHE);
}
