// Fails where a comment is longer than 120 columns, which Biome does not check. A comment that is one long URL may be.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

const longest = 120;
const sources = /\.(ts|tsx|js|mjs|cjs|py|yml)$/;
const comment = /^\s*(?:\/\/|\/?\*|#)(.*)$|\s\/\/\s(.*)$/;

/** Whether a line is a comment of several words, which can be broken, beyond the longest line that is allowed. */
const isTooLong = (line) => {
  if ([...line].length <= longest) return false;
  const [, whole, trailing] = comment.exec(line) ?? [];
  return /\S\s+\S/.test(whole ?? trailing ?? "");
};

// Of all files that git tracks or would track, so that a new file is checked before its commit.
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], { encoding: "utf8" });

for (const file of files.split("\n").filter((name) => sources.test(name) && existsSync(name))) {
  const lines = readFileSync(file, "utf8").split("\n");
  for (const [index, line] of lines.entries()) {
    if (!isTooLong(line)) continue;
    console.error(`${file}:${index + 1}: this comment is longer than ${longest} columns`);
    process.exitCode = 1;
  }
}
