import { readFileSync } from "node:fs";
import { z } from "zod";
import { operatorCredentials } from "../local/operator-credentials.ts";

const outputs = z.object({
  ApiUrl: z.url(),
  TableName: z.string(),
  KardSecretArn: z.string(),
  KardUrl: z.url(),
  KardTokenUrl: z.url(),
  /** Only on this machine. */
  DynamoDbEndpoint: z.url().optional(),
});

/** What a command needs to know of a stack, and how AWS clients reach it. */
export type StackOutputs = z.output<typeof outputs>;

/**
 * Reads the outputs of a stack: what `cdk deploy --outputs-file` wrote, or the local stack's `.local/outputs.json`.
 *
 * @throws Error in one line when the file is not there or is not of one stack
 */
export function readStackOutputs(file: string): StackOutputs {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(file, "utf8"));
  } catch {
    throw new Error(`${file} is not there or not JSON: write it with cdk deploy --outputs-file, or run npm start`);
  }
  const stacks = outputs.safeParse(content).success ? [content] : Object.values(content as object);
  const [stack, ...others] = stacks.map((candidate) => outputs.safeParse(candidate));
  if (stack?.success && others.length === 0) return stack.data;
  throw new Error(`${file} does not hold the outputs of one tracker stack`);
}

/** How an AWS client reaches the stack: on AWS as always, on this machine at its endpoint. */
export function clientOptions({ DynamoDbEndpoint: endpoint }: StackOutputs) {
  return endpoint === undefined ? {} : { endpoint, ...operatorCredentials };
}
