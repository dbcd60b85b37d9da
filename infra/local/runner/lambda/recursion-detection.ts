import { createHash, randomUUID } from "node:crypto";

/**
 * Lambda stops a chain of requests after this many invocations of a function.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
const maxInvocationsOfChain = 16;

/**
 * The trace header for an invocation, or `recursive loop` if Lambda would stop the chain.
 *
 * Lambda counts invocations in the `Lineage` of `X-Amzn-Trace-Id`. The SDK forwards the header with each call of a
 * function, and SQS stores it with each message. AWS does not document how it merges the lineages of a batch. Here the
 * longest chain counts.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 *
 * @param causes trace headers of the messages that cause the invocation; none at the start of a chain
 * @param allowsRecursion the function's `RecursiveLoop: Allow`
 */
export function traceOfInvocation(
  functionArn: string,
  causes: readonly (string | undefined)[],
  allowsRecursion: boolean,
): string | "recursive loop" {
  const counts = new Map<string, number>();
  for (const cause of causes) {
    for (const [hash, count] of lineageOf(cause)) counts.set(hash, Math.max(count, counts.get(hash) ?? 0));
  }
  const own = createHash("sha256").update(functionArn).digest("hex").slice(0, 8);
  const count = (counts.get(own) ?? 0) + 1;
  if (count > maxInvocationsOfChain && !allowsRecursion) return "recursive loop";
  counts.set(own, count);
  const root = `1-${Math.floor(Date.now() / 1000).toString(16)}-${randomUUID().replaceAll("-", "").slice(0, 24)}`;
  const lineage = [...counts].map(([hash, of]) => `${hash}:${of}`).join("|");
  return `Root=${root};Sampled=0;Lineage=${lineage}`;
}

function lineageOf(traceHeader = ""): [hash: string, count: number][] {
  const [, lineage = ""] = /(?:^|;)Lineage=([^;]*)/.exec(traceHeader) ?? [];
  return lineage
    .split("|")
    .filter((part) => part !== "")
    .map((part) => {
      const [hash = "", count] = part.split(":");
      return [hash, Number(count)];
    });
}
