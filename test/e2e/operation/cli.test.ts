import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { commandLine } from "../support/cli/command-line.ts";
import { csvFiles, lines } from "../support/cli/submitted-files.ts";
import { startProduct } from "../support/product.ts";

const product = await startProduct();
const { kard, auditsAtKard } = product;
const { folder, environment, run, json } = commandLine(product);

const fileOf = csvFiles(folder);

const audit = z.looseObject({ id: z.string(), attributes: z.looseObject({ status: z.string() }) });

describe("a file of disputes", () => {
  const mended = "cli-2,usr-1,3006,Blue Bottle,never posted,";
  const others = ["cli-1,usr-1,3006,Café Zoé,never posted,", "cli-3,,3005,Café Zoé,too little,a@b.example"];
  const broken = fileOf("broken.csv", others[0] ?? "", mended.replace("3006", "30.6"), others[1] ?? "");

  test("files valid lines, reports invalid ones, and files each line once", async () => {
    const args = ["submit", broken, "--issuer", "Meridian Bank"];
    const first = await json(lines, 1, ...args);
    expect(first).toEqual([
      expect.objectContaining({ line: 2, result: "filed", id: expect.any(String) }),
      expect.objectContaining({ line: 3, result: "invalid", reason: expect.stringContaining("auditCode: must be") }),
      expect.objectContaining({ line: 4, result: "filed", id: expect.any(String) }),
    ]);
    const before = (line: (typeof first)[number]) =>
      line.id === undefined ? line : { ...line, result: "filed-before" };
    expect(await json(lines, 1, ...args)).toEqual(first.map(before));

    const whole = fileOf("mended.csv", others[0] ?? "", mended, others[1] ?? "");
    const second = await json(lines, 0, "submit", whole, "--issuer", "Meridian Bank");
    expect(second.map(({ id }) => id)).toEqual([first[0]?.id, expect.any(String), first[2]?.id]);
    expect(second.map(({ result }) => result)).toEqual(["filed-before", "filed", "filed-before"]);
    for (const transaction of ["cli-1", "cli-2", "cli-3"]) expect(auditsAtKard(transaction)).toHaveLength(1);
  });

  test("files a repeated line repeatedly; --run files all again", async () => {
    const twice = fileOf("twice.csv", ...Array(2).fill("cli-4,usr-1,8001,Café Zoé,charged twice,"));
    const ids = async (...args: string[]) => {
      const { stdout } = await run(["submit", twice, "--json", ...args]);
      return lines.parse(JSON.parse(stdout)).map(({ id, reason }) => id ?? reason);
    };
    const first = await ids();
    expect(new Set(first).size).toBe(2);
    expect(await ids()).toEqual(first);
    expect(await ids("--run", "second")).not.toEqual(first);
  });

  test("shows refusals per line, as a table", async () => {
    const ended = await run(["submit", fileOf("user.csv", `cli-5,${"u".repeat(300)},3006,Shop,gone,`)]);
    expect(ended).toMatchObject({ code: 1, stderr: expect.stringContaining("0 filed") });
    expect(ended.stdout).toMatch(/2 +│ cli-5 +│ invalid +│ userId: must have at most 256 characters/);
  });
});

test("lists an audit, watches it until closed, and shows its timeline", async () => {
  const [filed] = await json(lines, 0, "submit", fileOf("one.csv", "cli-6,usr-6,3006,Café Zoé,never posted,"));
  const id = filed?.id ?? "";
  const listed = await json(z.array(audit), 0, "list", "--transaction", "cli-6");
  expect(listed).toMatchObject([{ id, attributes: { status: "NEW" } }]);

  const early = await run(["watch", id, "--every", "0.1", "--timeout-minutes", "0"]);
  expect(early).toMatchObject({ code: 4, stdout: "0 of 1 settled\n" });

  const watching = run(["watch", id, "--every", "0.1"]);
  kard.closeAudit(auditsAtKard("cli-6")[0]?.id ?? "", { resolutionCode: 5004 });
  const watched = await watching;
  expect(watched).toMatchObject({ code: 0, stdout: "1 of 1 settled\n" });
  expect(watched.stderr).toMatch(new RegExp(`${id}  CLOSED  cli-6  5004`));

  expect(await json(audit, 0, "show", id)).toMatchObject({
    id,
    attributes: { status: "CLOSED", resolutionCode: 5004 },
  });
  expect((await run(["show", id])).stdout).toMatch(/│ closed +│/);
  expect(await json(z.array(audit), 1, "refresh", id, "no-such-audit")).toMatchObject([{ id }]);
});

test("refreshes audits by age, and exports settled ones", async () => {
  const rows = ["cli-9,usr-9,3006,=HYPERLINK(x),never posted,", "cli-10,usr-9,3006,Café Zoé,never posted,"];
  const [settled, open] = await json(lines, 0, "submit", fileOf("exported.csv", ...rows));
  const filters = ["--user", "usr-9", "--status", "OPEN"];
  expect(await json(z.array(audit), 0, "refresh", ...filters, "--older-than", "1d")).toEqual([]);
  kard.closeAudit(auditsAtKard("cli-9")[0]?.id ?? "", { resolutionCode: 5004 });
  expect(await run(["watch", settled?.id ?? "", "--every", "0.1"])).toMatchObject({ code: 0 });
  const refreshed = await json(z.array(audit), 0, "refresh", ...filters, "--older-than", "0m");
  expect(refreshed.map(({ id }) => id)).toEqual([open?.id]);

  const columns = ["--columns", "audit_id,merchant_name,outcome"];
  const exported = await run(["export", "--user", "usr-9", "--settled-since", "2026-01-01", ...columns]);
  expect(exported).toMatchObject({ code: 0, stderr: "1 audits exported\n" });
  expect(exported.stdout).toBe(`\ufeffaudit_id,merchant_name,outcome\r\n${settled?.id},'=HYPERLINK(x),favourable\r\n`);
  const file = join(folder, "audits.json");
  expect(await run(["export", "--user", "usr-9", "--format", "json", "--output", file])).toMatchObject({ code: 0 });
  expect(z.array(audit).parse(JSON.parse(readFileSync(file, "utf8")))).toHaveLength(2);
  expect(await run(["export", "--output", file])).toMatchObject({ code: 2, stderr: expect.stringContaining("exists") });
});

test("update changes an audit's reference and metadata", async () => {
  const [filed] = await json(lines, 0, "submit", fileOf("own.csv", "cli-11,usr-11,3006,Café Zoé,never posted,"));
  const update = ["update", filed?.id ?? "", "--metadata", "queue=vip"];
  expect(await json(audit, 0, ...update, "--metadata", "agent=a=b", "--reference", "CASE-1")).toMatchObject({
    attributes: { reference: "CASE-1", metadata: { queue: "vip", agent: "a=b" } },
  });
  const shown = await run(["update", filed?.id ?? "", "--metadata", "queue="]);
  expect(shown.stdout).toMatch(/^ {2}reference: CASE-1\n {2}agent: a=b$/m);
  expect(await run(["update", filed?.id ?? ""])).toMatchObject({ code: 2, stderr: expect.stringContaining("give") });
});

test.each<[string, string[], Record<string, string>, number, RegExp]>([
  ["an unknown command", ["lst"], environment, 2, /unknown command 'lst'/],
  [
    "an unknown event",
    ["subscriptions", "create", "https://x.example/", "--event", "audit.lost"],
    environment,
    2,
    /'audit\.lost' is invalid\. It must be one of .*audit\.closed/,
  ],
  ["a missing file", ["submit", "none.csv"], environment, 2, /^none.csv cannot be read$/m],
  ["no connection", ["list"], {}, 2, /^set KARD_AUDITS_URL, /],
  ["a malformed key", ["list"], { ...environment, KARD_AUDITS_KEY: "kat_none" }, 3, /does not accept the API key/],
  ["another issuer", ["list"], { ...environment, KARD_AUDITS_ORGANIZATION: "other" }, 1, /\S/],
  ["a missing audit", ["show", "none"], environment, 1, /there is no such audit/],
  ["an unknown status", ["list", "--status", "LOST"], environment, 1, /filter\[status\]/],
])("with %s it ends with the documented exit code", async (_, args, settings, code, reason) => {
  expect(await run(args, settings)).toEqual({ code, stdout: "", stderr: expect.stringMatching(reason) });
});
