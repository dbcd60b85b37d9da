import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contractFiles, contractFolder, promisesNow, promisesPublished } from "./contract-files.ts";
import { brokenPromises } from "./promises.ts";

// `npm run contract`: writes the published contract anew, unless that took something back.
const published = existsSync(join(contractFolder, "published.json")) ? promisesPublished() : {};
const broken = brokenPromises(published, promisesNow());
for (const sentence of broken) console.error(sentence);
if (broken.length > 0) {
  console.error("Receivers rely on what is published: add a field instead. Nothing was written.");
  process.exitCode = 1;
} else {
  for (const [name, content] of contractFiles()) writeFileSync(join(contractFolder, name), content);
  console.log(`The contract is in ${contractFolder}`);
}
