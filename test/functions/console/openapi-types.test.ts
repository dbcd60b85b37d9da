import { readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { consoleTypes, consoleTypesFile } from "../../../infra/commands/contract/console-types.ts";

test("the console's types are those of the OpenAPI document: run `npm run contract` if not", () => {
  expect(readFileSync(consoleTypesFile, "utf8")).toBe(consoleTypes());
});
