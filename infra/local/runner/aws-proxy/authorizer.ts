import type { EncryptionKeys } from "../iam/encryption-keys.ts";
import { type AccessRequest, decide } from "../iam/policy.ts";
import type { Role } from "../iam/roles.ts";
import type { AwsRequest } from "../protocol/aws-request.ts";
import type { Place } from "../template/resource-kinds.ts";
import { type ResourceArns, requiredPermissions } from "./required-permissions.ts";

/** Allows or denies AWS calls by the template's IAM policies. */
export interface Authorizer {
  /**
   * @param role undefined for the operator, who has every permission.
   * @param sessionName the function's name, which Lambda uses as the session name in the error message.
   * @returns the call's first resource, and AWS's error message if the call is denied.
   */
  authorize(
    role: Role | undefined,
    sessionName: string | undefined,
    request: AwsRequest,
  ): { readonly resource: string; readonly denial: string | undefined };
}

/** @param onAllowed receives every permission that a role has used. */
export function createAuthorizer(
  place: Place,
  keys: EncryptionKeys,
  arns: ResourceArns,
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
      if (refused === undefined) {
        for (const permission of needed) onAllowed(role, permission);
        return { resource, denial: undefined };
      }
      const session = `arn:${place.partition}:sts::${place.account}:assumed-role/${role.name}/${sessionName}`;
      const why = `because no identity-based policy allows the ${refused.action} action`;
      const denial = `User: ${session} is not authorized to perform: ${refused.action} on resource: ${refused.resource} ${why}`;
      return { resource, denial };
    },
  };
}
