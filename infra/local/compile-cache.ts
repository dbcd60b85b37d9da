import { enableCompileCache } from "node:module";
import { join } from "node:path";

/**
 * Makes this process, its emulators and its child processes reuse compiled modules of earlier starts, which also saves
 * stripping their types. Node.js uses an entry only for the same source and the same version of Node.js. `npm ci`
 * deletes the cache.
 * https://nodejs.org/docs/latest-v24.x/api/module.html#module-compile-cache
 */
export function useCompileCache(): void {
  process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, "../../node_modules/.cache/kard-audit-tracker-code");
  enableCompileCache(process.env.NODE_COMPILE_CACHE);
}
