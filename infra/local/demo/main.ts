import { useCompileCache } from "../compile-cache.ts";

// Static imports would be compiled before the cache is in use.
useCompileCache();
await import("./demo.ts");
