import { expect, test } from "@jest/globals";
import { readKeysCommand } from "../../../../infra/commands/keys/keys-command.ts";

test.each(["100%41", "a/b", "a?b", "", " org"])("%j is not an organization of a key: no path can name it", (id) => {
  expect(() => readKeysCommand(["create", "--organization", id])).toThrow(/^--organization: must not /);
});

test("an organization that is given twice counts once", () => {
  const command = ["create", ...["--organization", "a", "--organization", "b", "--organization", "a"]];
  expect(readKeysCommand(command)).toMatchObject({ organization: ["a", "b"] });
});

test("an organization can have every other character", () => {
  expect(readKeysCommand(["create", "--organization", "Bank & Söhne #1"])).toMatchObject({
    ...{ command: "create", organization: ["Bank & Söhne #1"] },
  });
});
