import { createHash } from "node:crypto";
import type * as z from "zod";
import type { Assembly } from "./assembly.ts";
import { noValue, resolveIntrinsics, type Scope } from "./intrinsics.ts";
import { parseTemplatePart } from "./parse-template-part.ts";
import { type Place, resourceKind } from "./resource-kinds.ts";
import { StartUpError } from "./start-up-error.ts";

/** A resource of the template, with parsed properties and resolved references. */
export interface Resource<Properties> {
  readonly id: string;
  readonly name: string;
  /** Empty for resource types without an ARN. */
  readonly arn: string;
  readonly properties: Properties;
  /** Logical ids of the resources that are created first. */
  readonly dependsOn: readonly string[];
}

/** The template with every reference resolved. */
export interface StackResources {
  readonly stackName: string;
  readonly place: Place;
  readonly outputs: Readonly<Record<string, string>>;
  /**
   * All resources of one or several types, with parsed properties.
   * @throws StartUpError if the properties do not fit the schema.
   */
  ofType<Schema extends z.ZodType>(types: string | readonly string[], schema: Schema): Resource<z.infer<Schema>>[];
}

/**
 * Resolves a template for an account, a region and local URLs.
 * @throws StartUpError for resource types, intrinsic functions and attributes that are not modelled.
 */
export function resolveStack(assembly: Assembly, place: Place): StackResources {
  const { template, stackName } = assembly;
  const conditions = new Map<string, boolean>();

  const scope: Scope = {
    ref: (name) => pseudoParameter(name) ?? template.Parameters[name]?.Default ?? identity(name).ref,
    attribute(id, attribute) {
      const { arn, attributes } = identity(id);
      const value = attribute === "Arn" && arn !== "" ? arn : attributes[attribute];
      if (value === undefined) throw new StartUpError(`${id}: the attribute ${attribute} is not modelled`);
      return value;
    },
    condition(name) {
      const known = conditions.get(name);
      if (known !== undefined) return known;
      const value = resolveIntrinsics(template.Conditions[name], scope);
      if (typeof value !== "boolean") throw new StartUpError(`no condition ${name}`);
      conditions.set(name, value);
      return value;
    },
  };

  function pseudoParameter(name: string): string | typeof noValue | undefined {
    switch (name) {
      case "AWS::AccountId":
        return place.account;
      case "AWS::Region":
        return place.region;
      case "AWS::Partition":
        return place.partition;
      case "AWS::URLSuffix":
        return "amazonaws.com";
      case "AWS::StackName":
        return stackName;
      case "AWS::StackId":
        return `arn:${place.partition}:cloudformation:${place.region}:${place.account}:stack/${stackName}/local`;
      case "AWS::NoValue":
        return noValue;
      default:
        return undefined;
    }
  }

  function identity(id: string) {
    const resource = template.Resources[id];
    if (resource === undefined) throw new StartUpError(`the template refers to ${id}, which it does not have`);
    const kind = resourceKind(resource.Type);
    if (kind === undefined) throw new StartUpError(`${id}: resources of type ${resource.Type} are not modelled`);
    const given = kind.nameProperty === undefined ? undefined : resource.Properties[kind.nameProperty];
    const hash = createHash("sha256").update(`${stackName}/${id}`).digest("hex");
    const suffix = resource.Properties.FifoQueue === true || resource.Properties.FifoTopic === true ? ".fifo" : "";
    const name =
      given === undefined
        ? (kind.generatedName?.(id, hash) ?? `${stackName}-${id}${suffix}`)
        : String(resolveIntrinsics(given, scope));
    const of = resource.Properties.FunctionName;
    const arn = kind.arn?.(name, place, of === undefined ? "" : String(resolveIntrinsics(of, scope))) ?? "";
    return {
      name,
      arn,
      ref: kind.ref?.(name, arn, place) ?? name,
      attributes: kind.attributes?.(name, arn, place) ?? {},
    };
  }

  const exists = (condition: string | undefined) => condition === undefined || scope.condition(condition);
  const present = Object.entries(template.Resources).filter(([, resource]) => exists(resource.Condition));
  for (const [id] of present) identity(id);
  const localize = localUrls(
    present.filter(([, { Type }]) => Type === "AWS::ApiGatewayV2::Api").map(([id]) => identity(id).name),
    place,
  );
  const resolve = (value: unknown) => localize(resolveIntrinsics(value, scope));

  return {
    stackName,
    place,
    outputs: Object.fromEntries(
      Object.entries(template.Outputs)
        .filter(([, output]) => exists(output.Condition))
        .map(([name, output]) => [name, String(resolve(output.Value))]),
    ),
    ofType: (types, schema) =>
      present
        .filter(([, { Type }]) => [types].flat().includes(Type))
        .map(([id, { Type, Properties, DependsOn: dependsOn }]) => {
          const { name, arn } = identity(id);
          return {
            id,
            name,
            arn,
            dependsOn,
            properties: parseTemplatePart(schema, resolve(Properties), `${id} (${Type})`),
          };
        }),
  };
}

/** Replaces the API URLs that the CDK builds from API id and region by the local URL. */
function localUrls(apiIds: readonly string[], place: Place): (value: unknown) => unknown {
  const localize = (value: unknown): unknown => {
    if (typeof value === "string") {
      return apiIds.reduce(
        (text, id) => text.replaceAll(`https://${id}.execute-api.${place.region}.amazonaws.com`, place.apiUrl),
        value,
      );
    }
    if (Array.isArray(value)) return value.map(localize);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, localize(member)]));
  };
  return localize;
}
