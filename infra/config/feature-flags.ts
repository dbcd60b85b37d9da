import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

const cdkJson = z.object({ context: z.record(z.string(), z.union([z.boolean(), z.string(), z.array(z.string())])) });

/**
 * The CDK's feature flags, pinned in `cdk.json`. An update of aws-cdk-lib enables no new behavior until its flag is
 * added there, so a review sees changed logical ids and properties.
 * https://docs.aws.amazon.com/cdk/v2/guide/featureflags.html
 */
export const featureFlags = cdkJson.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, "../../cdk.json"), "utf8")),
).context;
