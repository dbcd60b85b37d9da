import { expect, test } from "@jest/globals";
import { addedOnce } from "../../../../functions/adapters/dynamodb/issuers.ts";

function countedDirectory() {
  const added: string[] = [];
  const directory = {
    isFailing: false,
    async add(organizationId: string) {
      added.push(organizationId);
      if (directory.isFailing) throw new Error("throttled");
    },
  };
  return { added, directory };
}

test("an issuer is added once, even by concurrent callers, and again after a failure", async () => {
  const { added, directory } = countedDirectory();
  const add = addedOnce(directory);
  directory.isFailing = true;
  await expect(add("org")).rejects.toThrow("throttled");
  directory.isFailing = false;
  await Promise.all([add("org"), add("org")]);
  await add("org");
  expect(added).toEqual(["org", "org"]);
});

test("only the last 1,000 issuers are remembered", async () => {
  const { added, directory } = countedDirectory();
  const add = addedOnce(directory);
  for (let number = 0; number <= 1_000; number++) await add(`org-${number}`);
  await add("org-1000");
  expect(added).toHaveLength(1_001);
  await add("org-0");
  expect(added).toHaveLength(1_002);
});
