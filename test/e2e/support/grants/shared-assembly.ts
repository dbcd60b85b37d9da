import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Environment variable with the path of the shared assembly. */
export const assemblyVariable = "E2E_ASSEMBLY";

/** Context of the shared assembly. Kard's URLs differ in each file. */
export const placeholders = { kardApiUrl: "http://kard-api.invalid", kardTokenUrl: "http://kard-token.invalid/token" };

/** Like `synthesize`, for a context with only Kard's URLs: copies the shared assembly. */
export async function copySharedAssembly(context: Readonly<Record<string, string>>): Promise<string> {
  const shared = process.env[assemblyVariable];
  if (shared === undefined)
    throw new Error("there is no shared assembly: does this file belong to Jest's project e2e?");
  const { kardApiUrl = "", kardTokenUrl = "", ...others } = context;
  if (Object.keys(others).length > 0)
    throw new Error(`the shared assembly does not support ${Object.keys(others).join(", ")}`);
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
