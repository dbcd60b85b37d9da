import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Code, type FunctionProps, Function as LambdaFunction, Runtime } from "aws-cdk-lib/aws-lambda";
import { App, Duration, Stack } from "aws-cdk-lib/core";

/**
 * Calls AWS without an SDK, with the trace header: `await aws("AmazonSQS.SendMessage", { … }, signal)`.
 */
const awsClient = `
export async function aws(target, input, signal) {
  const credential = process.env.AWS_ACCESS_KEY_ID + "/20260101/us-east-1/x/aws4_request";
  const response = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: "POST",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": target,
      ...(process.env._X_AMZN_TRACE_ID && { "x-amzn-trace-id": process.env._X_AMZN_TRACE_ID }),
      authorization: "AWS4-HMAC-SHA256 Credential=" + credential + ", SignedHeaders=host, Signature=0",
    },
    body: JSON.stringify(input),
    signal,
  });
  const output = await response.json();
  if (!response.ok) throw Object.assign(new Error(output.message), { name: output.__type.split("#").at(-1) });
  return output;
}
`;

/** Creates a function from source code that can call `aws(target, input)`. */
export function lambda(stack: Stack, id: string, source: string, props: Partial<FunctionProps> = {}): LambdaFunction {
  const directory = mkdtempSync(join(tmpdir(), "function-"));
  writeFileSync(join(directory, "aws.mjs"), awsClient);
  writeFileSync(join(directory, "index.mjs"), `import { aws } from "./aws.mjs";\n${source}`);
  return new LambdaFunction(stack, id, {
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code: Code.fromAsset(directory),
    timeout: Duration.seconds(5),
    ...props,
  });
}

/** Synthesizes one stack into a new directory. */
export function synthesize(build: (stack: Stack) => void): string {
  const outdir = mkdtempSync(join(tmpdir(), "assembly-"));
  const app = new App({ outdir, analyticsReporting: false });
  build(new Stack(app, "Local", { env: { region: "us-east-1" } }));
  app.synth();
  return outdir;
}
