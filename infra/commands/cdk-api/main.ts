import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { cdkApiPage } from "./cdk-api-page.ts";

// `npm run docs:api` writes the API reference of the construct.
const file = join(import.meta.dirname, "../../../docs/cdk-api.md");
writeFileSync(file, cdkApiPage());
console.log(`The reference is in ${file}`);
