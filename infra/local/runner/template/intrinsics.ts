import * as z from "zod";
import { parseTemplatePart } from "./parse-template-part.ts";
import { StartUpError } from "./start-up-error.ts";

/** Resolves a template's references. */
export interface Scope {
  ref(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
}

/** Value of `AWS::NoValue`: its property is removed. */
export const noValue = Symbol("AWS::NoValue");

type Intrinsic = (argument: unknown, scope: Scope) => unknown;

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (argument, scope) => scope.ref(parseTemplatePart(z.string(), argument, "Ref")),
  "Fn::GetAtt": (argument, scope) => {
    const [id, attribute] = parseTemplatePart(z.tuple([z.string(), z.string()]), asPair(argument), "Fn::GetAtt");
    return scope.attribute(id, attribute);
  },
  "Fn::Join": (argument, scope) => {
    const [separator, parts] = parseTemplatePart(z.tuple([z.string(), z.unknown()]), argument, "Fn::Join");
    return parseTemplatePart(scalars, resolveIntrinsics(parts, scope), "Fn::Join").join(separator);
  },
  "Fn::Select": (argument, scope) => {
    const [index, list] = parseTemplatePart(z.tuple([z.coerce.number().int(), z.unknown()]), argument, "Fn::Select");
    const chosen = parseTemplatePart(z.array(z.unknown()), resolveIntrinsics(list, scope), "Fn::Select")[index];
    if (chosen === undefined) throw new StartUpError(`Fn::Select: no element ${index}`);
    return chosen;
  },
  "Fn::Split": (argument, scope) => {
    const [separator, text] = parseTemplatePart(z.tuple([z.string(), z.unknown()]), argument, "Fn::Split");
    return parseTemplatePart(z.string(), resolveIntrinsics(text, scope), "Fn::Split").split(separator);
  },
  "Fn::Sub": (argument, scope) => {
    const [text, variables] = parseTemplatePart(
      z.tuple([z.string(), z.record(z.string(), z.unknown())]),
      typeof argument === "string" ? [argument, {}] : argument,
      "Fn::Sub",
    );
    return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal !== "") return `\${${name}}`;
      const variable = variables[name];
      if (variable !== undefined) return String(resolveIntrinsics(variable, scope));
      const dot = name.indexOf(".");
      return String(dot < 0 ? scope.ref(name) : scope.attribute(name.slice(0, dot), name.slice(dot + 1)));
    });
  },
  "Fn::If": (argument, scope) => {
    const [name, whenTrue, whenFalse] = parseTemplatePart(
      z.tuple([z.string(), z.unknown(), z.unknown()]),
      argument,
      "Fn::If",
    );
    return resolveIntrinsics(scope.condition(name) ? whenTrue : whenFalse, scope);
  },
  "Fn::Equals": (argument, scope) => {
    const [left, right] = operands(argument, scope, "Fn::Equals");
    return String(left) === String(right);
  },
  "Fn::Not": (argument, scope) => operands(argument, scope, "Fn::Not")[0] !== true,
  "Fn::And": (argument, scope) => operands(argument, scope, "Fn::And").every((operand) => operand === true),
  "Fn::Or": (argument, scope) => operands(argument, scope, "Fn::Or").some((operand) => operand === true),
};

const scalars = z.array(z.union([z.string(), z.number(), z.boolean()]));

function asPair(argument: unknown): unknown {
  if (typeof argument !== "string") return argument;
  const dot = argument.indexOf(".");
  return [argument.slice(0, dot), argument.slice(dot + 1)];
}

function operands(argument: unknown, scope: Scope, name: string): unknown[] {
  return parseTemplatePart(z.array(z.unknown()), argument, name).map((operand) => {
    const condition = z.strictObject({ Condition: z.string() }).safeParse(operand);
    return condition.success ? scope.condition(condition.data.Condition) : resolveIntrinsics(operand, scope);
  });
}

/**
 * Replaces every intrinsic function in a value by its result.
 * @throws StartUpError for functions that are not modelled (`Fn::ImportValue`, …), dynamic references and references
 *   that the scope cannot resolve.
 */
export function resolveIntrinsics(value: unknown, scope: Scope): unknown {
  if (typeof value === "string" && value.includes("{{resolve:")) {
    throw new StartUpError(`dynamic references are not modelled: ${value}`);
  }
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((element) => resolveIntrinsics(element, scope)).filter((element) => element !== noValue);
  }
  const entries = Object.entries(value);
  const [first] = entries;
  if (first !== undefined && entries.length === 1 && (first[0] === "Ref" || first[0].startsWith("Fn::"))) {
    const intrinsic = intrinsics[first[0]];
    if (intrinsic === undefined) throw new StartUpError(`the intrinsic function ${first[0]} is not modelled`);
    return intrinsic(first[1], scope);
  }
  return Object.fromEntries(
    entries
      .map(([key, member]) => [key, resolveIntrinsics(member, scope)] as const)
      .filter(([, member]) => member !== noValue),
  );
}
