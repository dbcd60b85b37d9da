import { synthesize } from "../../../../infra/local/synthesize.ts";
import { assemblyVariable, placeholders } from "./shared-assembly.ts";

/** Synthesizes the CDK app once for all files: Jest's globalSetup. */
// biome-ignore lint/style/noDefaultExport: Jest requires one.
export default async function synthesizeOnce(): Promise<void> {
  process.env[assemblyVariable] = await synthesize(placeholders);
}
