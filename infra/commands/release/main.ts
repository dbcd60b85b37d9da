import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import packageJson from "../../../package.json" with { type: "json" };
import { auditVerdict } from "./audit-verdict.ts";
import { releaseBlocker } from "./release-blocker.ts";

// `npm run release` builds the package and its bill of materials in `release/`. Run it on a commit that CI has tested.
const root = join(import.meta.dirname, "../../..");
const folder = join(root, "release");
const output = (program: string, ...args: string[]) =>
  execFileSync(program, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
const show = (...args: string[]) => execFileSync("npm", args, { cwd: root, stdio: "inherit" });

const { values } = parseArgs({ options: { "without-audit": { type: "boolean", default: false } } });
const changes = output("git", "status", "--porcelain");
// The exit code is 1 for findings and for a registry without audits.
const audit = spawnSync("npm", ["audit", "--omit=dev", "--json"], { cwd: root, encoding: "utf8" });
const verdict = auditVerdict(audit.stdout);

const reason = releaseBlocker(changes, verdict, values["without-audit"]);
if (reason !== undefined) {
  console.error(reason);
  process.exitCode = 1;
} else {
  if (verdict.outcome === "unknown") console.error(`Not audited: ${verdict.reason}`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  show("run", "check");
  show("run", "--silent", "package", "--", "--silent", "--pack-destination", folder);
  const bill = join(folder, `${packageJson.name}-${packageJson.version}.cdx.json`);
  writeFileSync(bill, output("npm", "run", "--silent", "sbom"));
  console.log(`The package and its bill of materials are in ${folder}`);
}
