import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The environment variable that tells the test files where the shared assembly is. */
export const assemblyVariable = "E2E_ASSEMBLY";

/** What the shared assembly was synthesized with: where Kard is differs from file to file. */
export const placeholders = { kardApiUrl: "http://kard-api.invalid", kardTokenUrl: "http://kard-token.invalid/token" };

/** Does as `synthesize`, for a context that says only where Kard is, by copying the assembly that all files share. */
export async function copySharedAssembly(context: Readonly<Record<string, string>>): Promise<string> {
  const shared = process.env[assemblyVariable];
  if (shared === undefined) throw new Error("nothing was synthesized: is this file one of Jest's project e2e?");
  const { kardApiUrl = "", kardTokenUrl = "", ...others } = context;
  if (Object.keys(others).length > 0) throw new Error(`the shared assembly knows no ${Object.keys(others).join(", ")}`);
  const directory = mkdtempSync(join(tmpdir(), "kard-audit-tracker-"));
  cpSync(shared, directory, { recursive: true });
  for (const name of readdirSync(directory).filter((file) => file.endsWith(".template.json"))) {
    const file = join(directory, name);
    const template = readFileSync(file, "utf8")
      .replaceAll(placeholders.kardApiUrl, kardApiUrl)
      .replaceAll(placeholders.kardTokenUrl, kardTokenUrl);
    writeFileSync(file, template);
  }
  return directory;
}
