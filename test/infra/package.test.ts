import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { z } from "zod";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "package-"));
const installed = join(folder, "node_modules/kard-audit-tracker");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Our own Node: what it runs here has to run without the sources' type stripping and without what they are made of. */
const node = (args: readonly string[]) => {
  const { NODE_OPTIONS: _, ...env } = process.env;
  return run(process.execPath, [...args], { cwd: folder, env });
};

let files: string[] = [];
const packed = z.array(z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }));

// What a consumer has after `npm install`: the unpacked tarball beside the packages that it asks for, and nothing else.
beforeAll(async () => {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const path = `${join(root, "node_modules/.bin")}:${env.PATH}`;
  const { stdout } = await run("npm", ["pack", "--json", "--silent", "--pack-destination", folder], {
    cwd: root,
    env: { ...env, PATH: path },
  });
  const [tarball] = packed.parse(JSON.parse(stdout.slice(stdout.indexOf("["))));
  files = tarball?.files.map(({ path: file }) => file) ?? [];
  mkdirSync(installed, { recursive: true });
  await run("tar", ["-xzf", join(folder, tarball?.filename ?? ""), "--strip-components=1", "-C", installed]);
  const { dependencies, peerDependencies } = z
    .object({ dependencies: z.record(z.string(), z.string()), peerDependencies: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(installed, "package.json"), "utf8")));
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", name), link);
  }
});

test("has what its users need, and neither sources nor tests", () => {
  expect(files).toEqual(
    expect.arrayContaining([
      "LICENSE",
      "README.md",
      "CHANGELOG.md",
      "docs/contract/openapi.json",
      "docs/contract/asyncapi.json",
      "dist/cli/main.js",
      "dist/infra/audit-tracker.js",
      "dist/infra/audit-tracker.d.ts",
      "dist/lambda/audits-api/index.mjs",
    ]),
  );
  const foreign = files.filter((file) => /(^|\/)(test|local|\.local|cdk\.out|\.ci)\/|(?<!\.d)\.ts$/.test(file));
  expect(foreign).toEqual([]);
});

describe("in somebody else's CDK app", () => {
  test("the tracker is synthesized with the bundles that came with it", async () => {
    const app = `import { App, Stack } from "aws-cdk-lib";
      import { AuditTracker } from "kard-audit-tracker";
      const app = new App({ outdir: "cdk.out" });
      new AuditTracker(new Stack(app, "Ledger"), "Audits", { kardTokenUrl: "https://issuer.example/oauth2/token" });
      app.synth();`;
    writeFileSync(join(folder, "app.mjs"), app);
    await node(["app.mjs"]);
    const template = JSON.parse(readFileSync(join(folder, "cdk.out/Ledger.template.json"), "utf8"));
    const kinds = Object.values(template.Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
    expect(kinds.filter((kind) => kind === "AWS::Lambda::Function").length).toBeGreaterThanOrEqual(6);
    const assets = readdirSync(join(folder, "cdk.out")).filter((name) => name.startsWith("asset."));
    const bundles = assets.filter((name) => readdirSync(join(folder, "cdk.out", name)).includes("index.mjs"));
    expect(bundles).toHaveLength(6);
    const texts = bundles.map((name) => readFileSync(join(folder, "cdk.out", name, "index.mjs"), "utf8"));
    expect(new Set(texts).size).toBe(6);
  });

  test("its properties are known to the compiler", async () => {
    const uses = `import { AuditTracker } from "kard-audit-tracker";
      import type { Construct } from "constructs";
      export const right = (scope: Construct) => new AuditTracker(scope, "A", { kardTokenUrl: "https://x", pollers: 2 });
      // @ts-expect-error there is no such number of pollers
      export const wrong = (scope: Construct) => new AuditTracker(scope, "A", { kardTokenUrl: "https://x", pollers: 3 });`;
    writeFileSync(join(folder, "uses.mts"), uses);
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--types", ""];
    await node([join(root, "node_modules/typescript/bin/tsc"), ...options, "uses.mts"]);
  });
});

test("its program runs where it is installed", async () => {
  const main = join(installed, "dist/cli/main.js");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  expect((await node([main, "--version"])).stdout.trim()).toBe(version);
  expect((await node([main, "keys", "--help"])).stdout).toContain("kard-audits keys create");
  await expect(node([main, "list"])).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringContaining("KARD_AUDITS_"),
  });
});
