import { useCompileCache } from "../compile-cache.ts";

// Static imports would be compiled before the cache is in use.
useCompileCache();
const { synthesizeForSandbox } = await import("../synthesize.ts");
synthesizeForSandbox();
await import("./demo.ts");
