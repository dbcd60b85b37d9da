import { execFileSync } from "node:child_process";
import { cpSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import packageJson from "../../package.json" with { type: "json" };
import { bundleFunction, functionFolders } from "../constructs/function-bundle.ts";

// `npm run package` writes the published package to `dist/`. It needs no compiler and no dependencies: they are
// bundled, because Node.js strips no types inside node_modules.
// https://nodejs.org/api/typescript.html#type-stripping-in-dependencies
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
  // CommonJS dependencies call `require`, but an ES module has none.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});
await build({
  ...common,
  entryPoints: [join(root, "infra/audit-tracker.ts")],
  outdir: join(dist, "infra"),
  external: ["aws-cdk-lib", "constructs", "zod", "esbuild"],
});
await build({
  ...common,
  entryPoints: [join(root, "webhooks/verify-webhook.ts")],
  outdir: join(dist, "webhooks"),
});
// The construct finds its functions next to itself.
for (const folder of functionFolders) bundleFunction(folder, join(dist, "lambda", folder), "names");
execFileSync("tsc", ["--project", join(import.meta.dirname, "tsconfig.json")], { stdio: "inherit" });

for (const name of ["README.md", "LICENSE", "CHANGELOG.md", "docs/contract"]) {
  cpSync(join(root, name), join(dist, name), { recursive: true });
}
const { name, version, description, license, type, keywords, peerDependencies, dependencies } = packageJson;
const manifest = {
  ...{ name, version, description, license, type, keywords },
  // The CDK accepts older versions, but the command line needs Node.js 22.
  engines: { node: ">=22" },
  exports: {
    ".": { types: "./infra/audit-tracker.d.ts", default: "./infra/audit-tracker.js" },
    "./webhooks": { types: "./webhooks/verify-webhook.d.ts", default: "./webhooks/verify-webhook.js" },
    "./package.json": "./package.json",
  },
  bin: { "kard-audits": "cli/main.js" },
  peerDependencies,
  // Only the construct needs them: the command line and receivers of webhooks do without.
  peerDependenciesMeta: Object.fromEntries(Object.keys(peerDependencies).map((peer) => [peer, { optional: true }])),
  // The only package that is not bundled: the construct's types refer to it.
  dependencies: { zod: dependencies.zod },
};
writeFileSync(join(dist, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
