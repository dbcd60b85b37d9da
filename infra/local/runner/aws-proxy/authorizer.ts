import type { EncryptionKeys } from "../iam/encryption-keys.ts";
import { type AccessRequest, decide } from "../iam/policy.ts";
import { isForeign, type ResourcePolicies } from "../iam/resource-policies.ts";
import type { Role } from "../iam/roles.ts";
import type { AwsRequest } from "../protocol/aws-request.ts";
import type { Place } from "../template/resource-kinds.ts";
import { type ResourceArns, requiredPermissions } from "./required-permissions.ts";

/** Allows or denies AWS calls by the template's IAM policies. */
export interface Authorizer {
  /**
   * @param role undefined for the operator, who has every permission.
   * @param sessionName the function's name, which Lambda uses as the session name in the error message.
   * @returns the call's first resource, and AWS's error message if the call is denied. `isElsewhere`: only the policy
   *   of a resource in another account denies it.
   */
  authorize(
    role: Role | undefined,
    sessionName: string | undefined,
    request: AwsRequest,
  ): { readonly resource: string; readonly denial: string | undefined; readonly isElsewhere?: boolean };
}

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
      const needed = requiredPermissions(request, place, keys, arns);
      const resource = needed[0]?.resource ?? "*";
      if (role === undefined) return { resource, denial: undefined };
      const refused = needed.find((permission) =>
        permission.action.startsWith("kms:")
          ? !keys.allows(role, permission)
          : decide(role.statements, permission) !== "allow",
      );
      const session = `arn:${place.partition}:sts::${place.account}:assumed-role/${role.name}/${sessionName}`;
      const denialOf = ({ action, resource: on }: AccessRequest, kind: "identity" | "resource") =>
        `User: ${session} is not authorized to perform: ${action} on resource: ${on} because no ${kind}-based policy allows the ${action} action`;
      if (refused === undefined) {
        for (const permission of needed) onAllowed(role, permission);
        const elsewhere = needed.find(
          (permission) => isForeign(permission.resource, place) && !policies.allows(role, permission),
        );
        if (elsewhere === undefined) return { resource, denial: undefined };
        return { resource, denial: denialOf(elsewhere, "resource"), isElsewhere: true };
      }
      return { resource, denial: denialOf(refused, "identity") };
    },
  };
}
