import type { Place } from "../template/resource-kinds.ts";
import { type AccessRequest, decide, parsePolicy, type Statement } from "./policy.ts";
import type { Role } from "./roles.ts";

/**
 * The policies of queues, event buses and keys in other accounts, and the keys of such queues. Their operators set them
 * at run time. AWS allows a call across accounts only if the caller's policies and the resource's policy allow it.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 */
export interface ResourcePolicies {
  /** @throws StartUpError for an element that is not modelled */
  set(resourceArn: string, document: unknown): void;
  allows(role: Role, request: AccessRequest): boolean;
  /** Sets the key that encrypts a queue; `undefined` removes it. */
  setKey(queueArn: string, keyArn: string | undefined): void;
  keyOf(queueArn: string): string | undefined;
}

export function createResourcePolicies({ partition, account }: Place): ResourcePolicies {
  const policies = new Map<string, Statement[]>();
  const keys = new Map<string, string | undefined>();
  return {
    setKey: (queueArn, keyArn) => void keys.set(queueArn, keyArn),
    keyOf: (queueArn) => keys.get(queueArn),
    set: (resourceArn, document) => void policies.set(resourceArn, parsePolicy(document, resourceArn)),
    allows(role, request) {
      const named = [role.arn, account, `arn:${partition}:iam::${account}:root`, "*"];
      const statements = (policies.get(request.resource) ?? []).filter(({ awsPrincipals }) =>
        awsPrincipals.some((principal) => named.includes(principal)),
      );
      return decide(statements, request) === "allow";
    },
  };
}

/** Whether a resource belongs to another account than the stack. */
export function isForeign(resourceArn: string, { account }: Place): boolean {
  const owner = resourceArn.split(":")[4] ?? "";
  return /^\d{12}$/.test(owner) && owner !== account;
}
