import { pathToFileURL } from "node:url";

// A cold start in a fresh process: imports a function's module, and invokes its handler once with an event as JSON. The
// last line of the output is what both took.
const [, , file = "", event = "{}"] = process.argv;
const context = { awsRequestId: "bench", getRemainingTimeInMillis: () => 60_000 };

const [before, startedAt] = [process.cpuUsage(), performance.now()];
const cpuMs = () => {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
};
const { handler } = (await import(pathToFileURL(file).href)) as { handler: (...args: object[]) => Promise<unknown> };
const imported = { cpuMs: cpuMs(), elapsedMs: performance.now() - startedAt };
const response = await handler(JSON.parse(event), context);
process.stdout.write(`\n${JSON.stringify({ ...imported, invokedCpuMs: cpuMs(), response })}`, () => process.exit());
