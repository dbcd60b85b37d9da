import { useCompileCache } from "./compile-cache.ts";

// Static imports would be compiled before the cache is in use.
useCompileCache();
const { main } = await import("./start.ts");
await main(process.argv.slice(2));
