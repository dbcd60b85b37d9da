import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { parseTemplatePart } from "./parse-template-part.ts";
import { StartUpError } from "./start-up-error.ts";

const resourceSchema = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Condition: z.string().optional(),
  DependsOn: z.union([z.string().transform((id) => [id]), z.array(z.string())]).default([]),
});

const templateSchema = z.object({
  Resources: z.record(z.string(), resourceSchema),
  Outputs: z.record(z.string(), z.object({ Value: z.unknown(), Condition: z.string().optional() })).default({}),
  Parameters: z.record(z.string(), z.object({ Default: z.unknown() })).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
});

const manifestSchema = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      environment: z.string().optional(),
      properties: z.object({ templateFile: z.string(), stackName: z.string(), file: z.string() }).partial().optional(),
    }),
  ),
});

const assetsSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string().optional() }),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() })),
    }),
  ),
});

type Template = z.infer<typeof templateSchema>;

/** A synthesized cloud assembly that holds one stack. */
export interface Assembly {
  readonly stackName: string;
  readonly region: string;
  readonly template: Template;
  /** Directory of a zipped asset, by its S3 key in the template. */
  readonly assetDirs: ReadonlyMap<string, string>;
}

/**
 * Reads a directory written by `cdk synth`.
 * @throws StartUpError if it is unreadable, or does not hold exactly one stack.
 */
export function loadAssembly(assemblyDir: string): Assembly {
  const manifest = readJson(join(assemblyDir, "manifest.json"), manifestSchema);
  const artifacts = Object.entries(manifest.artifacts);
  const stacks = artifacts.filter(([, artifact]) => artifact.type === "aws:cloudformation:stack");
  const [stack] = stacks;
  if (stack === undefined || stacks.length > 1) {
    throw new StartUpError(`${assemblyDir} holds ${stacks.length} stacks; exactly one can be run`);
  }
  const [artifactId, { properties, environment }] = stack;
  const assetDirs = new Map<string, string>();
  for (const [, artifact] of artifacts) {
    if (artifact.type !== "cdk:asset-manifest" || artifact.properties?.file === undefined) continue;
    const { files } = readJson(join(assemblyDir, artifact.properties.file), assetsSchema);
    for (const { source, destinations } of Object.values(files)) {
      for (const { objectKey } of Object.values(destinations)) {
        if (source.path !== undefined) assetDirs.set(objectKey, join(assemblyDir, source.path));
      }
    }
  }
  return {
    stackName: properties?.stackName ?? artifactId,
    region: regionOf(environment),
    template: readJson(join(assemblyDir, properties?.templateFile ?? `${artifactId}.template.json`), templateSchema),
    assetDirs,
  };
}

/** Region of `aws://account/region`; us-east-1 for a stack without a region. */
function regionOf(environment = ""): string {
  const region = environment.split("/").at(-1) ?? "";
  return region === "" || region === "unknown-region" ? "us-east-1" : region;
}

function readJson<Schema extends z.ZodType>(path: string, schema: Schema): z.infer<Schema> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new StartUpError(`cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return parseTemplatePart(schema, content, path);
}
