import { readFileSync } from "node:fs";
import * as z from "zod";
import { operatorCredentials } from "../local/runner/operator-credentials.ts";

/** Outputs that locate a tracker's table. */
export const tableOutputs = z.object({
  ApiUrl: z.url(),
  TableName: z.string(),
  /** Local stack only. */
  DynamoDbEndpoint: z.url().optional(),
});

/** Outputs for calling Kard with a tracker's credentials. */
export const kardOutputs = tableOutputs.extend({
  KardSecretArn: z.string(),
  KardUrl: z.url(),
  KardTokenUrl: z.url(),
  KardTokenRequest: z.enum(["form", "json"]).default("form"),
});

/**
 * Reads a tracker's outputs from a file of `cdk deploy --outputs-file`, with one or several stacks, or from the local
 * stack's `.local/outputs.json`.
 *
 * @throws Error in one line if the file is missing or does not have the outputs of exactly one tracker
 */
export function readStackOutputs<Shape extends typeof tableOutputs>(shape: Shape, file: string): z.output<Shape> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new Error(`${file} is missing or not JSON: create it with cdk deploy --outputs-file, or run npm start`);
  }
  const found = [content, ...Object.values(Object(content))].flatMap((stack) => shape.safeParse(stack).data ?? []);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  throw new Error(`${file} does not hold the outputs of one tracker stack`);
}

/** Options of an AWS client for the stack: none on AWS, the local endpoint on this machine. */
export function clientOptions({ DynamoDbEndpoint: endpoint }: z.output<typeof tableOutputs>) {
  return endpoint === undefined ? {} : { endpoint, ...operatorCredentials };
}
