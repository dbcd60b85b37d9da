import { resourcesOf, synthesize } from "../support/synthesize.ts";

export interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Principal?: unknown;
  Condition?: { "ForAllValues:StringLike"?: { "dynamodb:LeadingKeys": string | string[] }; Null?: unknown };
}

export const consumers = ["111122223333", "arn:aws:iam::444455556666:role/ledger"];
export const template = synthesize({ resolutionsConsumers: consumers });
export const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

export const statementsOf = (type: string, document: string): [id: string, Statement][] =>
  resourcesOf(template, type).flatMap(([id, properties]) =>
    (properties[document] as { Statement: Statement[] }).Statement.map((statement): [string, Statement] => [
      id,
      statement,
    ]),
  );

export const granted = statementsOf("AWS::IAM::Policy", "PolicyDocument");

/** A function's permissions as `action on resource`, with the kinds of items, without its log. */
export function grantsOf(name: string): string[] {
  return granted
    .filter(([id]) => id.startsWith(`${name}RoleDefaultPolicy`))
    .flatMap(([, { Action, Resource, Condition }]) =>
      listOf(Resource).flatMap((resource) =>
        listOf(Action).flatMap((action) =>
          listOf(Condition?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"] ?? "").map((keys) =>
            `${action} on ${nameOf(resource)} ${keys}`.trim(),
          ),
        ),
      ),
    )
    .filter((grant) => !/^(logs|kms):/.test(grant))
    .sort();
}

export function nameOf(resource: unknown): string {
  const [, id = ""] = JSON.stringify(resource).match(/"(?:Ref|Fn::GetAtt)":\[?"(\w+?)[0-9A-F]{8}"/) ?? [];
  const [, index = ""] = JSON.stringify(resource).match(/(\/index\/\w+)/) ?? [];
  return `${id}${index}`;
}
