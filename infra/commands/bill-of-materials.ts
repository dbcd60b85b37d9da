import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

type Lock = { packages: Record<string, { dev?: boolean; devDependencies?: unknown; peerDependencies?: unknown }> };

const root = join(import.meta.dirname, "../..");
const read = (name: string) => JSON.parse(readFileSync(join(root, name), "utf8"));

// `npm run sbom` prints a CycloneDX bill of materials of the shipped packages, from the lock file only. `npm sbom
// --omit dev`
// (npm 11) also omits packages that a development dependency needs, such as zod and the SDK. So npm reads a copy of the
// project without development dependencies.
const folder = mkdtempSync(join(tmpdir(), "bill-of-materials-"));
try {
  // The CDK is a peer dependency and is not deployed.
  const { devDependencies: _, peerDependencies: ___, ...manifest } = read("package.json");
  const lock: Lock = read("package-lock.json");
  const shipped = Object.entries(lock.packages).filter(([, { dev }]) => dev !== true);
  const packages = Object.fromEntries(
    shipped.map(([path, { devDependencies: __, peerDependencies, ...one }]) => [
      path,
      path === "" ? one : { ...one, ...(peerDependencies === undefined ? {} : { peerDependencies }) },
    ]),
  );
  const project = join(folder, manifest.name);
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), JSON.stringify(manifest));
  writeFileSync(join(project, "package-lock.json"), JSON.stringify({ ...lock, packages }));
  const args = ["sbom", "--package-lock-only", "--sbom-format", "cyclonedx"];
  process.stdout.write(execFileSync("npm", args, { cwd: project, encoding: "utf8" }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
