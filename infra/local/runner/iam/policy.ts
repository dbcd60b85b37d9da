import * as z from "zod";
import { parseTemplatePart } from "../template/parse-template-part.ts";
import { StartUpError } from "../template/start-up-error.ts";

/** A request for permission, as IAM evaluates it. */
export interface AccessRequest {
  /** `service:Action`. */
  readonly action: string;
  readonly resource: string;
  /** Values of the global and service condition keys. */
  readonly context?: Context;
}

type Context = Readonly<Record<string, string | readonly string[]>>;

/** One action pattern on one resource pattern of a statement. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
  /** The statement's conditions, as JSON. */
  readonly condition: string;
}

export interface Statement {
  readonly effect: "Allow" | "Deny";
  /** Principals of a resource policy; empty in an identity policy. */
  readonly awsPrincipals: readonly string[];
  readonly servicePrincipals: readonly string[];
  /** Each combination of an action and a resource. */
  readonly grants: readonly Grant[];
  matches(request: AccessRequest): boolean;
}

export type Decision = "allow" | "explicit deny" | "no allow";

const oneOrMore = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const principalSchema = z.union([
  z.literal("*").transform(() => ({ AWS: ["*"], Service: [] as string[] })),
  z.strictObject({ AWS: oneOrMore.default([]), Service: oneOrMore.default([]) }),
]);

// Refuses NotAction, NotResource and NotPrincipal as unknown keys: ignoring them would grant too much.
const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Principal: principalSchema.default({ AWS: [], Service: [] }),
  Action: oneOrMore,
  Resource: oneOrMore.default(["*"]),
  Condition: z
    .record(z.string(), z.record(z.string(), z.union([oneOrMore, z.boolean().transform((flag) => [String(flag)])])))
    .default({}),
});

const documentSchema = z.object({
  Statement: z.union([z.array(statementSchema), statementSchema.transform((statement) => [statement])]),
});

type Operator = (actual: string | readonly string[] | undefined, expected: readonly string[]) => boolean;

const ofOne =
  (holds: (actual: string, expected: string) => boolean): Operator =>
  (actual, expected) =>
    typeof actual === "string" && expected.some((value) => holds(actual, value));

const isLike = (actual: string, expected: string) => glob(expected).test(actual);

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: ofOne((actual, expected) => actual === expected),
  StringLike: ofOne(isLike),
  ArnEquals: ofOne(isLike),
  ArnLike: ofOne(isLike),
  Bool: ofOne((actual, expected) => actual === expected.toLowerCase()),
  // AWS: ForAllValues is true if the request has no such key. A policy must add `Null` to exclude that case.
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
  "ForAllValues:StringLike": (actual = [], expected) =>
    [actual].flat().every((value) => expected.some((pattern) => isLike(value, pattern))),
  Null: (actual, expected) => expected.includes(String(actual === undefined)),
};

const conditionKeys = new Set([
  ...["aws:SecureTransport", "aws:SourceAccount", "aws:SourceArn", "kms:ViaService", "dynamodb:LeadingKeys"],
]);

/**
 * Reads a policy document (AWS: IAM JSON policy elements).
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
 * @param where names the document in errors.
 * @param appliesTo filters statements by their principals before their conditions are read.
 * @throws StartUpError for elements that are not modelled: NotAction, NotResource, NotPrincipal, policy variables,
 *   and unknown condition operators and keys.
 */
export function parsePolicy(
  document: unknown,
  where: string,
  appliesTo: (principals: { AWS: string[]; Service: string[] }) => boolean = () => true,
): Statement[] {
  return parseTemplatePart(documentSchema, document, where)
    .Statement.filter((statement) => appliesTo(statement.Principal))
    .map((statement) => {
      const actions = statement.Action.map((pattern) => glob(pattern, "i"));
      const resources = statement.Resource.map((pattern) => {
        if (pattern.includes("${")) throw new StartUpError(`${where}: policy variables are not modelled: ${pattern}`);
        return glob(pattern);
      });
      const conditions = Object.entries(statement.Condition).flatMap(([operator, keys]) =>
        Object.entries(keys).map(([key, expected]) => condition(operator, key, expected, where)),
      );
      return {
        effect: statement.Effect,
        awsPrincipals: statement.Principal.AWS,
        servicePrincipals: statement.Principal.Service,
        grants: statement.Action.flatMap((action) =>
          statement.Resource.map((resource) => ({ action, resource, condition: JSON.stringify(statement.Condition) })),
        ),
        matches: ({ action, resource, context = {} }) =>
          actions.some((pattern) => pattern.test(action)) &&
          resources.some((pattern) => pattern.test(resource)) &&
          conditions.every((holds) => holds(context)),
      };
    });
}

function condition(operator: string, key: string, expected: readonly string[], where: string) {
  const test = operators[operator];
  if (test === undefined || !conditionKeys.has(key)) {
    throw new StartUpError(`${where}: the condition ${operator} on ${key} is not modelled`);
  }
  return (context: Context) => test(context[key], expected);
}

/**
 * AWS's policy evaluation logic: a matching Deny wins; otherwise a matching Allow is needed.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */
export function decide(statements: readonly Statement[], request: AccessRequest): Decision {
  const matching = statements.filter((statement) => statement.matches(request));
  if (matching.some(({ effect }) => effect === "Deny")) return "explicit deny";
  return matching.length > 0 ? "allow" : "no allow";
}

/**
 * IAM's wildcards in actions and ARNs: `*` matches any characters, `?` matches one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function glob(pattern: string, flags = ""): RegExp {
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, "\\$&").replace(/\*/g, ".*");
  return new RegExp(`^${source.replace(/\?/g, ".")}$`, `s${flags}`);
}
