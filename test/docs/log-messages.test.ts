import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { documentedMessages } from "../support/privacy-page.ts";

// docs/privacy.md lists what the functions log, and a test of its own holds it to the sources.
const root = join(import.meta.dirname, "../..");
const read = (page: string) => readFileSync(join(root, page), "utf8");

const fieldsOfAll = ["level", "message", "service"];
const fieldsLogged = [...documentedMessages.values()].flat();
const queries = [...read("docs/runbook.md").matchAll(/insights '([^']*\|[^']*)'/g)].map(([, query = ""]) => query);

test("the queries of the runbook are found", () => {
  expect(queries.length).toBeGreaterThan(7);
});

describe.each(queries)("the query %s", (query) => {
  const [, message] = /message = "([^"]+)"/.exec(query) ?? [];

  test("reads a message that is logged", () => {
    if (message !== undefined) expect([...documentedMessages.keys()]).toContain(message);
    expect(query).not.toContain("message like");
  });

  test("shows fields that such a line has", () => {
    const [, list = ""] = /^fields ([^|]+)/.exec(query) ?? [];
    const fields = list.split(",").flatMap((field) => (/^\s*(@\w+)?\s*$/.test(field) ? [] : [field.trim()]));
    const known = message === undefined ? fieldsLogged : (documentedMessages.get(message) ?? []);
    expect([...known, ...fieldsOfAll]).toEqual(expect.arrayContaining(fields));
  });
});

test("three or more plain words in backticks are a message that is logged, or a command", () => {
  const words = globSync("docs/*.md", { cwd: root }).flatMap((page) =>
    [...read(page).matchAll(/`([A-Za-z]+(?: [A-Za-z]+){2,})`/g)].map(([, text = ""]) => text),
  );
  const messages = words.filter((text) => !/^(?:npm|npx|cdk|aws|node|kard-audits) /.test(text));
  expect(messages.length).toBeGreaterThan(4);
  expect([...documentedMessages.keys()]).toEqual(expect.arrayContaining(messages));
});
