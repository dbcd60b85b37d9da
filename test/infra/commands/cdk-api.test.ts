import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "@jest/globals";
import { cdkApiPage } from "../../../infra/commands/cdk-api/cdk-api-page.ts";
import { readDeclarations } from "../../../infra/commands/cdk-api/read-members.ts";

test("docs/cdk-api.md is as `npm run docs:api` writes it", () => {
  expect(readFileSync("docs/cdk-api.md", "utf8")).toBe(cdkApiPage());
});

test("has every property, attribute and method", () => {
  const page = cdkApiPage();
  const props = readdirSync("infra/props").flatMap((file) => [
    ...readFileSync(`infra/props/${file}`, "utf8").matchAll(/^ {2}readonly (\w+\??):/gm),
  ]);
  const constructs = ["infra/tracker.ts", "infra/audit-tracker.ts"].flatMap((file) => [
    ...readFileSync(file, "utf8").matchAll(/^ {2}(?:readonly )?(?!constructor)(\w+)(?=: |\()/gm),
  ]);
  expect(props.length).toBeGreaterThan(35);
  for (const [, name = ""] of [...props, ...constructs])
    expect(page).toMatch(new RegExp(`\\| \`${name.replace("?", "\\?")}`));
});

test("reads descriptions, defaults in words and in code, and types of several lines", () => {
  const source = `
/** What it is. */
export interface Things {
  /** Needed. */
  readonly one: string;
  /**
   * With \`code\`,
   * and a second line.
   *
   * @default - some words
   */
  readonly two?: { readonly a: string; readonly b?: "x" | "y" };
  /** @default 7 */
  readonly three?: Readonly<
    Record<string, number>
  >;
}

/** A class. */
export class Thing {
  /** Does it. */
  doIt(how: string, often?: number): Result {
    return how;
  }
}
`;
  const none = { defaultValue: undefined };
  expect(readDeclarations(source)).toEqual([
    {
      ...{ name: "Things", description: "What it is." },
      members: [
        { name: "one", type: "string", description: "Needed.", ...none },
        {
          ...{ name: "two?", type: '{ readonly a: string; readonly b?: "x" | "y" }' },
          ...{ description: "With `code`, and a second line.", defaultValue: "- some words" },
        },
        { name: "three?", type: "Readonly< Record<string, number> >", description: "", defaultValue: "7" },
      ],
    },
    {
      ...{ name: "Thing", description: "A class." },
      members: [{ name: "doIt(how: string, often?: number)", type: "Result", description: "Does it.", ...none }],
    },
  ]);
});
