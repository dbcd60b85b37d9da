import * as z from "zod";
import { ignored } from "../template/parse-template-part.ts";
import type { Resource, StackResources } from "../template/stack-resources.ts";
import { StartUpError } from "../template/start-up-error.ts";
import { type AccessRequest, decide, parsePolicy, type Statement } from "./policy.ts";

/** A role with the statements of all its policies. */
export interface Role {
  readonly name: string;
  readonly arn: string;
  readonly statements: readonly Statement[];
  /** Whether a service may assume the role on behalf of a resource. */
  trusts(service: string, sourceArn: string): boolean;
}

const inlinePolicy = z.object({ PolicyName: z.string(), PolicyDocument: z.unknown() });

// Refuses a permissions boundary as an unknown key.
const roleSchema = z.strictObject({
  AssumeRolePolicyDocument: z.unknown(),
  ManagedPolicyArns: z.array(z.string()).default([]),
  Policies: z.array(inlinePolicy).default([]),
  RoleName: z.string().optional(),
  Description: z.string().optional(),
  Path: z.string().optional(),
  MaxSessionDuration: z.number().optional(),
  Tags: ignored,
});

const attachedPolicySchema = z.object({
  PolicyDocument: z.unknown(),
  Roles: z.array(z.string()).default([]),
});

const allow = (...actions: string[]) =>
  parsePolicy({ Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] }, "managed policy");

/** The AWS managed policies that are modelled. */
const managedPolicies: Readonly<Record<string, Statement[]>> = {
  "service-role/AWSLambdaBasicExecutionRole": allow("logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
  // CodeDeploy does not run here.
  "service-role/AWSCodeDeployRoleForLambdaLimited": [],
  AWSXRayDaemonWriteAccess: allow("xray:Put*", "xray:GetSampling*"),
};

/**
 * All roles of the stack by ARN, each with its inline, attached and managed policies.
 * @throws StartUpError for a managed policy or a policy element that is not modelled.
 */
export function readRoles(stack: StackResources): ReadonlyMap<string, Role> {
  const attached = stack.ofType(["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"], attachedPolicySchema);
  return new Map(stack.ofType("AWS::IAM::Role", roleSchema).map((role) => [role.arn, readRole(role, attached, stack)]));
}

function readRole(
  { id, name, arn, properties }: Resource<z.infer<typeof roleSchema>>,
  attached: readonly Resource<z.infer<typeof attachedPolicySchema>>[],
  stack: StackResources,
): Role {
  const trust = parsePolicy(properties.AssumeRolePolicyDocument, `${id}.AssumeRolePolicyDocument`);
  const own = attached.filter((policy) => policy.properties.Roles.includes(name));
  return {
    name,
    arn,
    statements: [
      ...properties.Policies.flatMap((policy) => parsePolicy(policy.PolicyDocument, `${id}.${policy.PolicyName}`)),
      ...own.flatMap((policy) => parsePolicy(policy.properties.PolicyDocument, policy.id)),
      ...properties.ManagedPolicyArns.flatMap((policyArn) =>
        managedStatements(
          policyArn,
          attached.find((policy) => policy.arn === policyArn),
        ),
      ),
    ],
    trusts(service, sourceArn) {
      const context = { "aws:SourceAccount": stack.place.account, "aws:SourceArn": sourceArn };
      const request: AccessRequest = { action: "sts:AssumeRole", resource: "*", context };
      return (
        decide(
          trust.filter((statement) => statement.servicePrincipals.includes(service)),
          request,
        ) === "allow"
      );
    },
  };
}

function managedStatements(
  policyArn: string,
  own: Resource<z.infer<typeof attachedPolicySchema>> | undefined,
): Statement[] {
  if (own !== undefined) return parsePolicy(own.properties.PolicyDocument, own.id);
  const statements = managedPolicies[policyArn.replace(/^arn:[^:]+:iam::aws:policy\//, "")];
  if (statements === undefined) throw new StartUpError(`the managed policy ${policyArn} is not modelled`);
  return statements;
}

/**
 * Finds the role that a service assumes.
 * @param user names the resource in errors.
 * @throws StartUpError if the role is not in the template or does not trust the service.
 */
export function assumableRole(
  roles: ReadonlyMap<string, Role>,
  roleArn: string,
  service: string,
  sourceArn: string,
  user: string,
): Role {
  const role = roles.get(roleArn);
  if (role === undefined) throw new StartUpError(`${user}: the role ${roleArn} is not in the template`);
  if (!role.trusts(service, sourceArn))
    throw new StartUpError(`${user}: the role ${role.name} does not trust ${service}`);
  return role;
}
