import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { createReload } from "../../../../infra/local/watch/reload-functions.ts";

let root: string;
let lines: string[];
let replaced: string[];
/** Sources of each function when it is bundled next; undefined if it does not build. */
let sources: Record<string, string[] | undefined>;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "kard-audit-tracker-reload-"));
  lines = [];
  replaced = [];
  sources = {
    "audits-api": ["functions/audits-api/handler.ts", "functions/core/audit.ts"],
    "poll-audits": ["functions/poll-audits/handler.ts", "functions/core/audit.ts"],
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function bundle(folder: string, outputFolder: string): Promise<void> {
  const files = sources[folder];
  if (files === undefined) throw new Error("Build failed");
  mkdirSync(outputFolder, { recursive: true });
  if (folder === "audits-api") mkdirSync(join(outputFolder, "console"));
  const map = JSON.stringify({ sources: files.map((file) => `../../../${file}`) });
  writeFileSync(join(outputFolder, "index.mjs.map"), map);
}

async function reloading() {
  const functions = ["audits-api", "poll-audits"].map((folder) => ({ id: folder, folder, bundle: join(root, folder) }));
  for (const fn of functions) await bundle(fn.folder, fn.bundle);
  const ticks = [0, 12, 100, 130, 1_000, 1_001];
  return createReload({
    ...{ functions, outputFolder: join(root, "new"), bundle, print: (line) => void lines.push(line) },
    replaceCode: (id, built) => void replaced.push(`${id} from ${built.slice(root.length)}`),
    clock: () => ticks.shift() ?? 0,
  });
}

test("a change reloads the functions that contain the file, and says in which time", async () => {
  const reload = await reloading();
  await reload(["functions/poll-audits/handler.ts"]);
  await reload(["functions/core/audit.ts"]);
  expect(replaced).toEqual([
    "poll-audits from /new/1/poll-audits",
    "audits-api from /new/2/audits-api",
    "poll-audits from /new/2/poll-audits",
  ]);
  expect(lines).toEqual(["reloaded poll-audits in 12 ms", "reloaded audits-api, poll-audits in 30 ms"]);
});

test("a file of the console reloads the function that serves it; a file of no function reloads nothing", async () => {
  const reload = await reloading();
  await reload(["functions/console/main.tsx"]);
  await reload(["functions/canary/handler.ts"]);
  expect(lines).toEqual(["reloaded audits-api in 12 ms"]);
});

test("a new import is followed after the reload", async () => {
  const reload = await reloading();
  sources["poll-audits"] = ["functions/poll-audits/handler.ts", "functions/core/new.ts"];
  await reload(["functions/poll-audits/handler.ts"]);
  await reload(["functions/core/new.ts"]);
  await reload(["functions/core/audit.ts"]);
  expect(lines.map((line) => line.split(" in ")[0])).toEqual([
    "reloaded poll-audits",
    "reloaded poll-audits",
    "reloaded audits-api",
  ]);
});

test("a function that does not build keeps its code, and the next change of any source builds it again", async () => {
  const reload = await reloading();
  const good = sources["poll-audits"];
  sources["poll-audits"] = undefined;
  await reload(["functions/core/audit.ts"]);
  expect(replaced).toEqual(["audits-api from /new/1/audits-api"]);
  expect(lines).toEqual(["poll-audits does not build: its previous code stays in use", "reloaded audits-api in 12 ms"]);
  sources["poll-audits"] = good;
  await reload(["functions/core/other.ts"]);
  expect(lines.at(-1)).toBe("reloaded poll-audits in 30 ms");
});

test("a change of the infrastructure needs a restart", async () => {
  const reload = await reloading();
  await reload(["infra/routes.ts", "stages/dev.json"]);
  expect(lines).toEqual(["infra/routes.ts, stages/dev.json changed: restart to use it"]);
  expect(replaced).toEqual([]);
});
