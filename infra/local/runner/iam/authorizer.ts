import type { AwsRequest } from "../protocol/aws-request.ts";
import type { Place } from "../template/resource-kinds.ts";
import type { EncryptionKeys } from "./encryption-keys.ts";
import { type AccessRequest, decide } from "./policy.ts";
import { type ResourceArns, requiredPermissions } from "./required-permissions.ts";
import { isForeign, type ResourcePolicies } from "./resource-policies.ts";
import type { Role } from "./roles.ts";

/** Allows or denies AWS calls by the template's IAM policies. */
export interface Authorizer {
  /**
   * @param role undefined for the operator, who has every permission.
   * @param sessionName the function's name, which Lambda uses as the session name in the error message.
   * @returns the call's first resource, and AWS's error message and type if the call is denied. `isElsewhere`: only the
   *   policy of a resource in another account denies it.
   */
  authorize(
    role: Role | undefined,
    sessionName: string | undefined,
    request: AwsRequest,
  ): { readonly resource: string; readonly denial: Denial | undefined };
}

export interface Denial {
  readonly type: string;
  readonly message: string;
  readonly isElsewhere: boolean;
}

/** SQS has an error of its own if the key of a queue denies a call. Its message is that of KMS. */
const typeOf = ({ service }: AwsRequest, { action }: AccessRequest) =>
  service === "sqs" && action.startsWith("kms:")
    ? "com.amazonaws.sqs#KmsAccessDenied"
    : "com.amazon.coral.service#AccessDeniedException";

/** @param onAllowed receives every permission that a role has used. */
export function createAuthorizer(
  place: Place,
  keys: EncryptionKeys,
  arns: ResourceArns,
  policies: ResourcePolicies,
  onAllowed: (role: Role, permission: AccessRequest) => void,
): Authorizer {
  return {
    authorize(role, sessionName, request) {
      const keyOf = (arn: string) => keys.keyOf(arn) ?? policies.keyOf(arn);
      const needed = requiredPermissions(request, place, { keyOf }, arns);
      const resource = needed[0]?.resource ?? "*";
      if (role === undefined) return { resource, denial: undefined };
      const refused = needed.find((permission) =>
        permission.action.startsWith("kms:") && !isForeign(permission.resource, place)
          ? !keys.allows(role, permission)
          : decide(role.statements, permission) !== "allow",
      );
      const session = `arn:${place.partition}:sts::${place.account}:assumed-role/${role.name}/${sessionName}`;
      const denialOf = (permission: AccessRequest, kind: "identity" | "resource"): Denial => ({
        type: typeOf(request, permission),
        message: `User: ${session} is not authorized to perform: ${permission.action} on resource: ${permission.resource} because no ${kind}-based policy allows the ${permission.action} action`,
        isElsewhere: kind === "resource",
      });
      if (refused !== undefined) return { resource, denial: denialOf(refused, "identity") };
      for (const permission of needed) onAllowed(role, permission);
      const elsewhere = needed.find(
        (permission) => isForeign(permission.resource, place) && !policies.allows(role, permission),
      );
      return { resource, denial: elsewhere && denialOf(elsewhere, "resource") };
    },
  };
}
