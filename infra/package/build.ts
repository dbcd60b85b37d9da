import { execFileSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { bundleFunction, functionFolders } from "../constructs/function-bundle.ts";

// `prepack`: what is published runs without a compiler, and without the packages that it was made of. Node strips no types
// inside node_modules (https://nodejs.org/api/typescript.html#type-stripping-in-dependencies).
const root = join(import.meta.dirname, "../..");
const dist = join(root, "dist");
rmSync(dist, { recursive: true, force: true });

const common = {
  bundle: true,
  splitting: true,
  platform: "node",
  format: "esm",
  target: "node20",
  mainFields: ["module", "main"],
  logLevel: "error",
} satisfies BuildOptions;

await build({
  ...common,
  entryPoints: [join(root, "cli/main.ts")],
  outdir: join(dist, "cli"),
  minify: true,
  // CommonJS dependencies call `require`, which an ES module has not of its own.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});
await build({
  ...common,
  entryPoints: [join(root, "infra/audit-tracker.ts")],
  outdir: join(dist, "infra"),
  external: ["aws-cdk-lib", "constructs", "zod", "esbuild"],
});
// The construct looks for its functions beside itself.
for (const folder of functionFolders) bundleFunction(folder, join(dist, "lambda", folder));
execFileSync("tsc", ["--project", join(import.meta.dirname, "tsconfig.json")], { stdio: "inherit" });
