import { stripVTControlCharacters } from "node:util";
import { expect, test } from "@jest/globals";
import { consoleTable } from "./console-table.ts";

const description = {
  about: "Polling beside a bare loop.",
  figures: [
    { what: "0 ms", result: "40 ms", comparedTo: "bare loop 30 ms" },
    { what: "writes", result: "0" },
  ],
  meaning: "At 1, polling is free.",
};

test("one table has the figures of all benchmarks under their names", () => {
  const table = stripVTControlCharacters(
    consoleTable([
      { name: "poll", description },
      { name: "lists", description: { ...description, figures: [{ what: "a page", result: "3 reads" }] } },
    ]),
  );

  const cells = table
    .split("\n")
    .filter((line) => line.startsWith("│"))
    .map((line) =>
      line
        .split("│")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(cells).toEqual([
    ["measured", "result", "compared to"],
    ["POLL  At 1, polling is free."],
    ["0 ms", "40 ms", "bare loop 30 ms"],
    ["writes", "0", ""],
    ["LISTS  At 1, polling is free."],
    ["a page", "3 reads", ""],
  ]);
});

test("no line is wider than the table", () => {
  const figures = [{ what: "word ".repeat(40), result: "word ".repeat(40), comparedTo: "word ".repeat(40) }];
  const lines = stripVTControlCharacters(
    consoleTable([{ name: "poll", description: { ...description, figures } }]),
  ).split("\n");

  expect(new Set(lines.map(({ length }) => length)).size).toBe(1);
});
