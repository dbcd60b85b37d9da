import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { buildSync } from "esbuild";
import * as z from "zod";
import { assemblyVariable } from "../support/grants/shared-assembly.ts";

const root = join(import.meta.dirname, "../../..");
const component = z.object({ name: z.string(), version: z.string(), purl: z.string(), hashes: z.array(z.unknown()) });
const bill = z.object({ bomFormat: z.literal("CycloneDX"), components: z.array(component) });

/** `npm run sbom` without a registry. */
function billOfMaterials() {
  const text = execFileSync("npm", ["run", "--silent", "sbom"], {
    cwd: root,
    env: { ...process.env, NODE_OPTIONS: "", npm_config_offline: "true" },
    stdio: ["ignore", "pipe", "ignore"],
    encoding: "utf8",
  });
  return bill.parse(JSON.parse(text)).components;
}

const packageFile = z.object({ version: z.string(), dependencies: z.record(z.string(), z.string()).default({}) });
const readPackage = (folder: string) =>
  packageFile.parse(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")));

/** The packages of some source files, as `name@version`. */
function packagesOf(sources: readonly string[]): Set<string> {
  const folders = sources.flatMap(
    (source) => /^.*?(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? [],
  );
  return new Set(
    [...new Set(folders)].map((folder) => {
      const name = folder.replace(/^.*node_modules\//, "");
      return `${name}@${readPackage(join(root, folder)).version}`;
    }),
  );
}

/** The packages in the deployed functions, by their source maps. */
function deployed(): Set<string> {
  const assembly = process.env[assemblyVariable] ?? "";
  const maps = readdirSync(assembly, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".mjs.map"));
  const sources = maps.flatMap((name) => {
    const map = JSON.parse(readFileSync(join(assembly, name), "utf8"));
    const { sources } = z.object({ sources: z.array(z.string()) }).parse(map);
    // The assembly has moved since, so only the end of a source's path is true.
    const inPackages = sources.map((source) => source.replace(/^(?:\.\.\/)+(?:node_modules\/)?/, "node_modules/"));
    return inPackages.filter((source) => existsSync(join(root, source)));
  });
  return packagesOf(sources);
}

/** The packages in the command line, by esbuild's metadata. */
function inCommandLine(): Set<string> {
  const { metafile } = buildSync({
    entryPoints: [join(root, "cli/main.ts")],
    absWorkingDir: root,
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    format: "esm",
    mainFields: ["module", "main"],
    logLevel: "error",
  });
  return packagesOf(Object.keys(metafile.inputs));
}

test("the bill of materials lists each shipped package with its hash", () => {
  const components = billOfMaterials();
  const named = new Set(components.map(({ name, version }) => `${name}@${version}`));
  for (const [packages, fewest] of [
    [deployed(), 20],
    [inCommandLine(), 10],
  ] as const) {
    expect(packages.size).toBeGreaterThan(fewest);
    expect([...packages].filter((one) => !named.has(one))).toEqual([]);
  }
  expect(components.filter(({ hashes }) => hashes.length === 0)).toEqual([]);
});

test("it lists all dependencies and no development dependencies", () => {
  const named = billOfMaterials().map(({ name }) => name);
  expect(named).toEqual(expect.arrayContaining(Object.keys(readPackage(root).dependencies)));
  for (const tool of ["jest", "esbuild", "aws-cdk-lib", "dynalite"]) expect(named).not.toContain(tool);
});
