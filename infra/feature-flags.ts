import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const cdkJson = z.object({ context: z.record(z.string(), z.union([z.boolean(), z.string(), z.array(z.string())])) });

/**
 * The CDK's feature flags as `cdk.json` pins them. An update of aws-cdk-lib switches on no new behavior until its
 * flag is written there, so that a changed logical id or property is seen in review.
 * https://docs.aws.amazon.com/cdk/v2/guide/featureflags.html
 */
export const featureFlags = cdkJson.parse(
  JSON.parse(readFileSync(join(import.meta.dirname, "../cdk.json"), "utf8")),
).context;
