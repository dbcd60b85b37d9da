import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "@jest/globals";
import { parse } from "csv-parse/sync";
import * as z from "zod";
import type { Api } from "../../../cli/api/api.ts";
import { exportAudits } from "../../../cli/export/export-audits.ts";
import { type ExportTarget, openExportFile } from "../../../cli/export/export-file.ts";
import { csvFormat, type ExportFormat, jsonFormat } from "../../../cli/export/export-format.ts";
import { Failure } from "../../../cli/failure.ts";
import { auditShape } from "../../../functions/audits-api/audit-shapes.ts";
import { anAudit } from "../../../infra/commands/contract/openapi/audit-examples.ts";
import { formulaTexts, plainTexts } from "../../support/formula-texts.ts";

const folder = mkdtempSync(join(tmpdir(), "exports-"));
afterAll(() => rmSync(folder, { recursive: true }));

const first = { method: "GET", path: "/audits?page=0" } as const;
const pages = 5;

function audit(id: string, attributes: object = {}) {
  return auditShape.parse({ ...anAudit, id, attributes: { ...anAudit.attributes, ...attributes } });
}

/** A tracker with pages of two audits. Some of its calls fail. */
function trackerThatFailsAt(failing: readonly number[], attributes: object = {}) {
  let calls = 0;
  const asked: string[] = [];
  const ask: Api["ask"] = async (schema, { path }) => {
    if (failing.includes(++calls)) throw new Failure("unreachable", "no response");
    asked.push(path);
    const page = Number(path.split("=")[1]);
    const links = page + 1 < pages ? { next: `/audits?page=${page + 1}` } : {};
    return schema.parse({ data: [audit(`a${page}`, attributes), audit(`b${page}`, attributes)], links });
  };
  return {
    api: {
      url: "https://api.example",
      organizationId: "org",
      ask,
      send: () => Promise.reject(new Error("unused")),
    } satisfies Api,
    asked,
  };
}

async function run(api: Api, file: string, format: ExportFormat, onPage = () => {}, stop = new AbortController()) {
  const target = await openExportFile(file, "one export");
  const options = { format, target, stop: stop.signal, onPage };
  return exportAudits(api, first, options).finally(() => target.close());
}

const allIds = Array.from({ length: pages }, (_, page) => [`a${page}`, `b${page}`]).flat();
const idsOfJson = (text: string) =>
  z
    .array(z.looseObject({ id: z.string() }))
    .parse(JSON.parse(text))
    .map(({ id }) => id);
const idsOfCsv = (text: string) =>
  z
    .array(z.array(z.string()))
    .parse(parse(text, { bom: true }))
    .slice(1)
    .flat();

test.each<[string, ExportFormat, (text: string) => string[]]>([
  ["JSON", jsonFormat, idsOfJson],
  ["CSV", csvFormat(["audit_id"]), idsOfCsv],
])(
  "an export in %s that fails twice and is interrupted continues, and has each audit once",
  async (name, format, idsOf) => {
    const file = join(folder, `resumed.${name}`);
    const { api, asked } = trackerThatFailsAt([3, 5]);
    await expect(run(api, file, format)).rejects.toThrow("no response");
    await expect(run(api, file, format)).rejects.toThrow("no response");
    const stop = new AbortController();
    expect(await run(api, file, format, () => asked.length === 4 && stop.abort(), stop)).toEqual({
      count: 8,
      isComplete: false,
    });
    expect(existsSync(file)).toBe(false);
    expect(await run(api, file, format)).toEqual({ count: 10, isComplete: true });
    expect(idsOf(readFileSync(file, "utf8"))).toEqual(allIds);
    expect(asked).toEqual(Array.from({ length: pages }, (_, page) => `/audits?page=${page}`));
    expect([`${file}.part`, `${file}.progress`].filter(existsSync)).toEqual([]);
  },
);

test("records after the saved position are written again after a crash", async () => {
  const file = join(folder, "crashed.json");
  const { api } = trackerThatFailsAt([3]);
  await expect(run(api, file, jsonFormat)).rejects.toThrow("no response");
  const target: ExportTarget = await openExportFile(file, "one export");
  const position = target.resumesAt;
  await target.write("half a pa", position ?? { next: null, count: 0 });
  await target.close();
  // The earlier position, as if the write had not been saved.
  const bytes = statSync(`${file}.part`).size - "half a pa".length;
  writeFileSync(`${file}.progress`, JSON.stringify({ identity: "one export", bytes, ...position }), { mode: 0o600 });
  await run(api, file, jsonFormat);
  expect(idsOfJson(readFileSync(file, "utf8"))).toEqual(allIds);
});

test("a file of another export, and a complete one, are not overwritten", async () => {
  const file = join(folder, "other.json");
  const { api } = trackerThatFailsAt([2]);
  await expect(run(api, file, jsonFormat)).rejects.toThrow("no response");
  const usage = expect.objectContaining({ exitCode: 2 });
  await expect(openExportFile(file, "another export")).rejects.toEqual(usage);
  await run(api, file, jsonFormat);
  await expect(openExportFile(file, "one export")).rejects.toEqual(usage);
});

test("a new export replaces what lies in its place, and follows no link", async () => {
  const file = join(folder, "new.json");
  const others = join(folder, "others");
  writeFileSync(others, "kept");
  for (const name of [".part", ".progress.new"]) symlinkSync(others, `${file}${name}`);
  await expect(run(trackerThatFailsAt([2]).api, file, jsonFormat)).rejects.toThrow("no response");
  expect(readFileSync(others, "utf8")).toBe("kept");
  expect([".part", ".progress"].map((name) => statSync(`${file}${name}`).mode & 0o777)).toEqual([0o600, 0o600]);
});

test.each([".part", ".progress"])("an export does not go on with a %s that could be another user's", async (name) => {
  const file = join(folder, `unsafe${name}`);
  const { api } = trackerThatFailsAt([2]);
  await expect(run(api, file, jsonFormat)).rejects.toThrow("no response");
  const refusal = expect.objectContaining({
    exitCode: 2,
    message: expect.stringContaining(`${name} must be your own`),
  });
  const unsafe = `${file}${name}`;
  for (const mode of [0o640, 0o602]) {
    chmodSync(unsafe, mode);
    await expect(run(api, file, jsonFormat)).rejects.toEqual(refusal);
  }
  chmodSync(unsafe, 0o600);
  renameSync(unsafe, `${unsafe}.moved`);
  symlinkSync(`${unsafe}.moved`, unsafe);
  await expect(run(api, file, jsonFormat)).rejects.toEqual(refusal);
  renameSync(`${unsafe}.moved`, unsafe);
  expect(await run(api, file, jsonFormat)).toEqual({ count: 10, isComplete: true });
});

test.each<[string, (file: string) => void, string]>([
  ["a shortened .part", (file) => truncateSync(`${file}.part`, 1), ".part is shorter than its saved position: remove"],
  ["a removed .part", (file) => rmSync(`${file}.part`), ".part cannot be opened (ENOENT): remove the .part and"],
  ["an empty .progress", (file) => writeFileSync(`${file}.progress`, ""), ".progress is not the position of an export"],
  [
    "a short .progress",
    (file) => writeFileSync(`${file}.progress`, "{}"),
    ".progress is not the position of an export",
  ],
])("with %s an export cannot go on", async (name, damage, message) => {
  const file = join(folder, name);
  await expect(run(trackerThatFailsAt([2]).api, file, jsonFormat)).rejects.toThrow("no response");
  damage(file);
  const usage = expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) });
  await expect(openExportFile(file, "one export")).rejects.toEqual(usage);
});

test("a folder that does not exist is named", async () => {
  const usage = expect.objectContaining({ exitCode: 2, message: expect.stringContaining("cannot be opened (ENOENT)") });
  await expect(openExportFile(join(folder, "none/new.csv"), "one export")).rejects.toEqual(usage);
});

test("an empty export is an empty list", async () => {
  const file = join(folder, "empty.json");
  const api = {
    ...trackerThatFailsAt([]).api,
    ask: async (schema: z.ZodType) => schema.parse({ data: [], links: {} }),
  };
  await run(api as Api, file, jsonFormat);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual([]);
});

const format = csvFormat(["description", "amount_cents"]);
const csvOf = (auditDescription: string) =>
  format.head + format.rows([audit("a", { auditDescription, transactionAmountInCents: -500 })], 0);

test.each([...formulaTexts, ...plainTexts.map((text) => [text, text] as const)])(
  "%j becomes the text %j in one cell, also if rows end at a line feed",
  (text, harmless) => {
    const csv = csvOf(text);
    expect(parse(csv, { bom: true })).toEqual([
      ["description", "amount_cents"],
      [harmless, "-500"],
    ]);
    expect(parse(csv, { bom: true, record_delimiter: "\n" })).toHaveLength(2);
  },
);

test.each(formulaTexts)("%j is no formula wherever a program separates cells", (text) => {
  const cells = csvOf(text).split(/[;\t\r\n]/);
  expect(cells.filter((cell) => /^[ "]*[=+\-@\uff1d]/.test(cell))).toEqual([]);
});
