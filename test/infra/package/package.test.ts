import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { signatureHeaders } from "../../../functions/core/notifications/webhook-signature.ts";
import { findingsOf } from "../support/validate-template.ts";
import { programsIn } from "./user-programs.ts";

const root = join(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "package-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const run = programsIn(folder);

const manifest = z.object({ version: z.string() });
const { version } = manifest.parse(JSON.parse(readFileSync(join(root, "package.json"), "utf8")));

const examples = readdirSync(join(root, "examples/cdk"));
let files: string[] = [];
let packedBytes = 0;
const packed = z.array(
  z.object({ filename: z.string(), size: z.number(), files: z.array(z.object({ path: z.string() })) }),
);

// An empty CDK app with the installed tarball and its dependencies. The CDK is this repository's: to unpack its 200 MB
// again takes seconds.
beforeAll(async () => {
  const { stdout } = await run(
    "npm",
    ["run", "--silent", "package", "--", "--json", "--silent", "--pack-destination", folder],
    root,
  );
  const [tarball] = packed.parse(JSON.parse(stdout.slice(stdout.indexOf("["))));
  packedBytes = tarball?.size ?? 0;
  files = tarball?.files.map(({ path: file }) => file) ?? [];
  const cdk = Object.fromEntries(
    ["aws-cdk-lib", "constructs"].map((name) => [name, `file:${join(root, "node_modules", name)}`]),
  );
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, type: "module", dependencies: cdk }));
  await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", `./${tarball?.filename}`]);
});

test("has the files that users need, without sources and tests", () => {
  expect(files).toEqual(
    expect.arrayContaining([
      "LICENSE",
      "README.md",
      "CHANGELOG.md",
      "docs/contract/openapi.json",
      "docs/contract/asyncapi.json",
      "cli/main.js",
      "infra/audit-tracker.js",
      "infra/audit-tracker.d.ts",
      "lambda/audits-api/index.mjs",
      "webhooks/verify-webhook.d.ts",
    ]),
  );
  const foreign = files.filter((file) => /(^|\/)(test|local|\.local|cdk\.out|\.ci)\/|(?<!\.d)\.ts$/.test(file));
  expect(foreign).toEqual([]);
});

test("stays small, and has no unused dependencies", () => {
  expect(files.filter((file) => file.endsWith(".map"))).toEqual([]);
  expect(packedBytes).toBeGreaterThan(100_000);
  // 4.6 MB in November 2026; source maps alone would add 4 MB.
  expect(packedBytes).toBeLessThan(5_000_000);
  const installed = JSON.parse(readFileSync(join(folder, "node_modules/kard-audit-tracker/package.json"), "utf8"));
  expect(Object.keys(installed.dependencies)).toEqual(["zod"]);
});

describe("in another CDK app", () => {
  test("the documented app synthesizes with the package's bundles", async () => {
    const page = readFileSync(join(root, "docs/cdk.md"), "utf8");
    writeFileSync(join(folder, "app.ts"), /^```ts\n(.*?)^```/ms.exec(page)?.[1] ?? "");
    await run("node", ["app.ts"]);
    const { Resources, Outputs } = z
      .object({
        Resources: z.record(z.string(), z.looseObject({ Type: z.string() })),
        Outputs: z.record(z.string(), z.unknown()),
      })
      .parse(JSON.parse(readFileSync(join(folder, "cdk.out/Ledger.template.json"), "utf8")));
    const resources = Object.entries(Resources);
    expect(resources.filter(([, { Type }]) => Type === "AWS::Lambda::Function").length).toBeGreaterThanOrEqual(6);
    const granted = resources.filter(([id, { Type }]) => id.startsWith("LedgerRole") && Type === "AWS::IAM::Policy");
    expect(JSON.stringify(granted)).toMatch(/sqs:ReceiveMessage.*AuditsResolutions.*kms:Decrypt/);
    expect(Object.keys(Outputs)).toEqual(expect.arrayContaining(["ApiUrl", "TableName", "KardSecretArn"]));

    const assets = readdirSync(join(folder, "cdk.out")).filter((name) => name.startsWith("asset."));
    const bundles = assets.filter((name) => readdirSync(join(folder, "cdk.out", name)).includes("index.mjs"));
    expect(bundles).toHaveLength(6);
    const texts = bundles.map((name) => readFileSync(join(folder, "cdk.out", name, "index.mjs"), "utf8"));
    expect(new Set(texts).size).toBe(6);
  });

  describe("the examples", () => {
    // In one process, because loading the CDK takes most of the time.
    const synthesizeAll = `for (const name of process.argv.slice(1)) {
      process.env.CDK_OUTDIR = name + ".out";
      await import(process.cwd() + "/" + name);
    }`;
    beforeAll(async () => {
      for (const name of examples) cpSync(join(root, "examples/cdk", name), join(folder, name));
      await run("node", ["--input-type=module", "--eval", synthesizeAll, ...examples]);
    });

    test.each(examples)("%s is synthesized", (name) => {
      const template = readFileSync(join(folder, `${name}.out/Ledger.template.json`), "utf8");
      expect(template).toContain('"ApiUrl"');
      expect(findingsOf(JSON.parse(template))).toEqual([]);
    });
  });

  test("a CommonJS app can use the construct", async () => {
    const { stdout } = await run("node", ["--eval", "console.log(typeof require('kard-audit-tracker').AuditTracker)"]);
    expect(stdout.trim()).toBe("function");
  });

  test("the compiler knows its properties", async () => {
    const uses = `import { AuditTracker } from "kard-audit-tracker";
      import type { Construct } from "constructs";
      export const right = (scope: Construct) => new AuditTracker(scope, "A", { kardTokenUrl: "https://x", pollers: 2 });
      // @ts-expect-error not a valid number of pollers
      export const wrong = (scope: Construct) => new AuditTracker(scope, "A", { kardTokenUrl: "https://x", pollers: 3 });`;
    writeFileSync(join(folder, "uses.ts"), uses);
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--types", ""];
    await run("tsc", [...options, "uses.ts", "app.ts", ...examples]);
  });
});

describe("in a receiver of webhooks", () => {
  test("it verifies a webhook", async () => {
    const secret = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
    const body = JSON.stringify({ id: "evt_1", type: "audit.closed" });
    const headers = signatureHeaders([secret], { id: "evt_1", body }, Date.now());
    const receiver = `import { verifyWebhook } from "kard-audit-tracker/webhooks";
      const [headers, body, secret] = process.argv.slice(2);
      console.log(verifyWebhook(JSON.parse(headers), body, secret).type);`;
    writeFileSync(join(folder, "receiver.js"), receiver);
    const verify = (given: string) => run("node", ["receiver.js", JSON.stringify(headers), given, secret]);
    expect((await verify(body)).stdout).toBe("audit.closed\n");
    await expect(verify(`${body} `)).rejects.toMatchObject({
      stderr: expect.stringContaining("WebhookVerificationError"),
    });
  });

  test("the compiler knows the events", async () => {
    const uses = `import { verifyKardWebhook, verifyWebhook } from "kard-audit-tracker/webhooks";
      const event = verifyWebhook(new Headers(), new Uint8Array(), "whsec_");
      if (event.type === "audit.closed") console.log(event.data.attributes.resolutionCode);
      // @ts-expect-error a subscription has no resolution
      if (event.type === "subscription.disabled") console.log(event.data.attributes.resolutionCode);
      const status: "NEW" | "IN_PROGRESS" | "CLOSED" = verifyKardWebhook({}, "", ["key"]).data.attributes.status;
      console.log(status);`;
    writeFileSync(join(folder, "receiver.ts"), uses);
    const options = ["--noEmit", "--strict", "--skipLibCheck", "--module", "nodenext", "--types", ""];
    await run("tsc", [...options, "receiver.ts"]);
  });
});

describe("as an installed package", () => {
  const program = (...args: string[]) => run("npx", ["kard-audits", ...args]);

  test("its command line runs", async () => {
    expect((await program("--help")).stdout).toContain("Usage: kard-audits");
    expect((await program("--version")).stdout.trim()).toBe(version);
    expect((await program("keys", "--help")).stdout).toContain("kard-audits keys create");
  });

  test("without a configuration, its command line ends with the usual error", async () => {
    const stderr = expect.stringContaining("KARD_AUDITS_");
    await expect(program("list")).rejects.toMatchObject({ code: 2, stderr });
  });
});
