import type { CfnFunction, Function as LambdaFunction } from "aws-cdk-lib/aws-lambda";
import { Stack } from "aws-cdk-lib/core";

/**
 * Lambda measures the variables as JSON.
 * https://github.com/github-aws-runners/terraform-aws-github-runner/issues/3594
 */
const maxBytes = 4096;

/** The settings behind the variables that grow with the number of issuers. */
const settings: Record<string, string> = {
  CONTACTS: "contacts",
  ISSUER_TARGETS: "targetAccounts",
  WEBHOOK_TARGETS: "privateWebhookTargets",
};

/**
 * Makes the synthesis fail for a function whose environment would exceed Lambda's limit.
 * https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html
 */
export function limitEnvironment(fn: LambdaFunction): void {
  fn.node.addValidation({
    validate() {
      const stack = Stack.of(fn);
      const { variables } = stack.resolve((fn.node.defaultChild as CfnFunction).environment);
      const longest = Object.entries(variables).map(([name, value]) => [name, longestText(value, stack)] as const);
      const bytes = bytesOf(Object.fromEntries(longest));
      if (bytes <= maxBytes) return [];
      const largest = longest
        .map(([name, value]) => ({ name: settings[name] ?? name, size: bytesOf(value) }))
        .filter(({ size }) => size > maxBytes / 8)
        .sort((a, b) => b.size - a.size)
        .map(({ name, size }) => `${name} (${size} bytes)`);
      return [
        `the environment of the function can have ${bytes} bytes, and Lambda accepts ${maxBytes}: ` +
          `shorten ${largest.join(" or ")}`,
      ];
    },
  });
}

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value));

/** The longest names of AWS. https://docs.aws.amazon.com/general/latest/gr/rande.html */
const pseudo: Record<string, string> = {
  "AWS::Partition": "aws-us-gov",
  "AWS::Region": "ap-southeast-1",
  "AWS::AccountId": "123456789012",
  "AWS::URLSuffix": "amazonaws.com.cn",
};
const longestPrefix = "arn:aws-us-gov:secretsmanager:ap-southeast-1:123456789012:secret:";

/** A resolved value with each reference replaced by a text as long as an ARN with a name that CloudFormation makes. */
function longestText(value: unknown, stack: Stack): string {
  if (typeof value === "string") return value;
  const { Ref, "Fn::GetAtt": [id] = [Ref], "Fn::Join": joined } = value as Reference;
  if (joined !== undefined) return joined[1].map((part) => longestText(part, stack)).join(joined[0]);
  return pseudo[id ?? ""] ?? `${longestPrefix}${stack.stackName}-${id}-123456789012`;
}

interface Reference {
  Ref?: string;
  "Fn::GetAtt"?: [id: string, attribute: string];
  "Fn::Join"?: [separator: string, parts: unknown[]];
}
