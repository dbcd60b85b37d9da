import { pathToFileURL } from "node:url";

// Imports a module in a fresh process, and prints the milliseconds of CPU time and of elapsed time that it took.
const [, , file = ""] = process.argv;
const before = process.cpuUsage();
const startedAt = performance.now();
await import(pathToFileURL(file).href);
const elapsedMs = performance.now() - startedAt;
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({ cpuMs: (user + system) / 1_000, elapsedMs }));
process.exit();
