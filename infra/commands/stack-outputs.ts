import { readFileSync } from "node:fs";
import { z } from "zod";
import { operatorCredentials } from "../local/runner/operator-credentials.ts";

/** What is needed to reach a tracker's table. */
export const tableOutputs = z.object({
  ApiUrl: z.url(),
  TableName: z.string(),
  /** Only on this machine. */
  DynamoDbEndpoint: z.url().optional(),
});

/** What is needed to speak with Kard in a tracker's name. */
export const kardOutputs = tableOutputs.extend({ KardSecretArn: z.string(), KardUrl: z.url(), KardTokenUrl: z.url() });

/**
 * Reads what a command needs to know of a tracker, from what `cdk deploy --outputs-file` wrote of one stack or
 * several, or from the local stack's `.local/outputs.json`.
 *
 * @throws Error in one line when the file is not there or has not the outputs of exactly one tracker
 */
export function readStackOutputs<Shape extends typeof tableOutputs>(shape: Shape, file: string): z.output<Shape> {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new Error(`${file} is not there or not JSON: write it with cdk deploy --outputs-file, or run npm start`);
  }
  const found = [content, ...Object.values(Object(content))].flatMap((stack) => shape.safeParse(stack).data ?? []);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  throw new Error(`${file} does not hold the outputs of one tracker stack`);
}

/** How an AWS client reaches the stack: on AWS as always, on this machine at its endpoint. */
export function clientOptions({ DynamoDbEndpoint: endpoint }: z.output<typeof tableOutputs>) {
  return endpoint === undefined ? {} : { endpoint, ...operatorCredentials };
}
