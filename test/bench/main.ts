import { parseArgs } from "node:util";
import { benchmarks, type Finished } from "./benchmarks/all.ts";
import { consoleTable } from "./report/console-table.ts";
import { writePage } from "./report/write-page.ts";

const names = benchmarks.map(({ name }) => name);
const usage = `npm run bench [-- NAME…] [-- --json] [--write] [--audits N]

Without a name, all are run and docs/benchmarks.md is written. --write writes the sections of the named ones.
--audits N makes end-to-end and growth smaller. The names are ${names.join(", ")}.`;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean" },
    write: { type: "boolean" },
    audits: { type: "string" },
    help: { type: "boolean", short: "h" },
  },
});
const audits = values.audits === undefined ? undefined : Number(values.audits);
const isRight = positionals.every((name) => names.includes(name)) && (audits === undefined || audits >= 1);

if (values.help || !isRight) {
  (isRight ? console.log : console.error)(usage);
  if (!isRight) process.exitCode = 1;
} else {
  const finished = await runAll(
    benchmarks.filter(({ name }) => positionals.length === 0 || positionals.includes(name)),
  );
  console.log(consoleTable([...finished].map(([name, { description }]) => ({ name, description }))));
  if (values.write || positionals.length === 0) writePage(finished, names, new Date());
  const results = [...finished].map(([name, { result }]) => [name, result]);
  if (values.json) console.log(JSON.stringify(Object.fromEntries(results)));
}

/** A benchmark that fails, perhaps because a program is missing, does not stop the others. */
async function runAll(chosen: typeof benchmarks): Promise<Map<string, Finished>> {
  const finished = new Map<string, Finished>();
  for (const [place, { name, run }] of chosen.entries()) {
    const progress = (line: string) => console.log(`[${place + 1}/${chosen.length} ${name}] ${line}`);
    try {
      finished.set(name, await run({ progress, audits }));
    } catch (error) {
      console.error(`${name} failed: ${error instanceof Error ? error.message : error}`);
      process.exitCode = 1;
    }
  }
  return finished;
}
