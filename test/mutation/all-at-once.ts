import { globSync } from "node:fs";
import { join } from "node:path";

/**
 * The tests by which the mutants of functions/core are judged: those of core, of the logic that calls it, and of the
 * contract that is published from it. As one file, what they share is loaded once for each mutant and not once a file.
 */
const root = join(import.meta.dirname, "../..");
const tests = [
  "test/functions/{core,audits-api,subscriptions-api,deliver-webhooks,kard-webhook,sweep-outbox}/**/*.test.ts",
  "test/infra/commands/contract.test.ts",
];

for (const file of globSync(tests, { cwd: root }).toSorted()) await import(join(root, file));
