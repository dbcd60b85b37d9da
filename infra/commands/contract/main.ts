import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { breakingChanges } from "./breaking-changes.ts";
import { consoleTypes, consoleTypesFile } from "./console-types.ts";
import { contractFiles, contractFolder, currentFields, publishedFields } from "./contract-files.ts";

// `npm run contract` regenerates the published contract, unless that is a breaking change.
const published = existsSync(join(contractFolder, "published.json")) ? publishedFields() : {};
const broken = breakingChanges(published, currentFields());
for (const sentence of broken) console.error(sentence);
if (broken.length > 0) {
  console.error("Receivers depend on published fields: add a field instead. No file was written.");
  process.exitCode = 1;
} else {
  for (const [name, content] of contractFiles()) writeFileSync(join(contractFolder, name), content);
  writeFileSync(consoleTypesFile, consoleTypes());
  console.log(`The contract is in ${contractFolder}`);
}
