import * as z from "zod";
import type { ResourcePolicies } from "../iam/resource-policies.ts";
import { type AwsRequest, type AwsResponse, errorResponse, jsonResponse } from "../protocol/aws-request.ts";
import type { Place } from "../template/resource-kinds.ts";

const putKeyPolicy = z.object({ KeyId: z.string().min(1), Policy: z.string() });

/**
 * Serves `PutKeyPolicy` of KMS for keys in other accounts. A key exists as soon as a queue or a policy names it. Other
 * calls of KMS are refused: the keys of the stack come from its template.
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html
 */
export function createKeyPolicies(place: Place, policies: ResourcePolicies): (request: AwsRequest) => AwsResponse {
  return ({ action, input, account }) => {
    if (account === undefined || account === place.account || action !== "PutKeyPolicy")
      return errorResponse("UnknownOperationException", `kms:${action} is not modelled by the local stack here.`);
    const { KeyId, Policy } = putKeyPolicy.parse(input);
    const arn = keyArnOf(KeyId, { ...place, account }) ?? "";
    // In a key policy, the resource "*" is the key.
    policies.set(arn, JSON.parse(Policy));
    return jsonResponse({});
  };
}

/** The ARN of a key by its id, ARN or alias: an alias stands for a key of that name. `undefined` for no key. */
export function keyArnOf(reference: string, { partition, region, account }: Place): string | undefined {
  if (reference === "") return undefined;
  const [, owner = account] = /^arn:[^:]+:kms:[^:]+:(\d{12}):/.exec(reference) ?? [];
  return `arn:${partition}:kms:${region}:${owner}:key/${reference.split("/").at(-1)}`;
}
