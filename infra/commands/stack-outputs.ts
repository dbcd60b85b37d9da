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

/** The outputs file of `npm start`. */
const localOutputs = ".local/outputs.json";

/**
 * Reads a tracker's outputs from a file of `cdk deploy --outputs-file`, with one or several stacks. Without a file, it
 * reads the local stack's in the current folder. That file must have a local endpoint, with which `clientOptions` uses
 * no AWS credentials: a file that happens to be there must not choose which of your secrets is sent where.
 *
 * @throws Error in one line if the file is missing or does not have the outputs of exactly one tracker
 */
export function readStackOutputs<Shape extends typeof tableOutputs>(
  shape: Shape,
  given: string | undefined,
): z.output<Shape> {
  const file = given ?? localOutputs;
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    const advice = given === undefined ? "give --outputs FILE" : "create it with cdk deploy --outputs-file";
    throw new Error(`${file} is missing or not JSON: ${advice}, or run npm start`);
  }
  const found = [content, ...Object.values(Object(content))].flatMap((stack) => shape.safeParse(stack).data ?? []);
  const [only, ...others] = found;
  if (only === undefined || others.length > 0)
    throw new Error(`${file} does not hold the outputs of one tracker stack`);
  if (given === undefined && only.DynamoDbEndpoint === undefined)
    throw new Error(`${file} is not of the local stack: give --outputs FILE`);
  return only;
}

/** Options of an AWS client for the stack: none on AWS, the local endpoint on this machine. */
export function clientOptions({ DynamoDbEndpoint: endpoint }: z.output<typeof tableOutputs>) {
  return endpoint === undefined ? {} : { endpoint, ...operatorCredentials };
}
