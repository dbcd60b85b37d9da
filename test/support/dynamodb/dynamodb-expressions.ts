import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { Tokens } from "./dynamodb-tokens.ts";

export type Item = Record<string, AttributeValue>;

/** The values of an expression's placeholders. */
export interface Placeholders {
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Item | undefined;
}

type Value = AttributeValue | undefined;
type Operand = (item: Item, given: Placeholders) => Value;
export type Condition = (item: Item, given: Placeholders) => boolean;
/** Changes a copy of the item. Reads use the original item. */
export type Update = (was: Item, given: Placeholders) => Item;

type Path = (given: Placeholders) => string[];

function path(text: string): Path {
  return ({ ExpressionAttributeNames: names = {} }) =>
    text.split(".").map((part) => (part.startsWith("#") ? (names[part] ?? missing(part)) : part));
}

function missing(placeholder: string): never {
  throw new Error(`nothing is given for ${placeholder}`);
}

function valueAt(item: Item, [first = "", ...others]: string[]): Value {
  return others.reduce<Value>((value, name) => value?.M?.[name], item[first]);
}

function operand(tokens: Tokens): Operand {
  const text = tokens.next();
  if (text.startsWith(":")) return (_, { ExpressionAttributeValues: values = {} }) => values[text] ?? missing(text);
  if (text === "if_not_exists") {
    tokens.expect("(");
    const at = path(tokens.next());
    tokens.expect(",");
    const otherwise = operand(tokens);
    tokens.expect(")");
    return (item, given) => valueAt(item, at(given)) ?? otherwise(item, given);
  }
  const at = path(text);
  return (item, given) => valueAt(item, at(given));
}

/** Compares two values of one type; `undefined` if they cannot be compared. */
export function compare(a: Value, b: Value): number | undefined {
  if (a?.N !== undefined && b?.N !== undefined) return Number(a.N) - Number(b.N);
  if (a?.S !== undefined && b?.S !== undefined) return a.S < b.S ? -1 : Number(a.S > b.S);
  if (a?.BOOL !== undefined && b?.BOOL !== undefined) return Number(a.BOOL) - Number(b.BOOL);
  return undefined;
}

const comparisons: Record<string, (order: number) => boolean> = {
  "=": (order) => order === 0,
  "<>": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

function primary(tokens: Tokens): Condition {
  if (tokens.take("(")) {
    const inner = either(tokens);
    tokens.expect(")");
    return inner;
  }
  const word = tokens.peek();
  if (word === "ATTRIBUTE_EXISTS" || word === "ATTRIBUTE_NOT_EXISTS" || word === "BEGINS_WITH") {
    tokens.next();
    tokens.expect("(");
    const of = operand(tokens);
    if (word === "BEGINS_WITH") tokens.expect(",");
    const prefix = word === "BEGINS_WITH" ? operand(tokens) : undefined;
    tokens.expect(")");
    if (prefix !== undefined)
      return (item, given) => of(item, given)?.S?.startsWith(prefix(item, given)?.S ?? "") ?? false;
    return (item, given) => (of(item, given) !== undefined) === (word === "ATTRIBUTE_EXISTS");
  }
  const left = operand(tokens);
  if (tokens.take("BETWEEN")) {
    const from = operand(tokens);
    tokens.expect("AND");
    const to = operand(tokens);
    return (item, given) => {
      const value = left(item, given);
      return (compare(value, from(item, given)) ?? -1) >= 0 && (compare(value, to(item, given)) ?? 1) <= 0;
    };
  }
  if (tokens.take("IN")) {
    tokens.expect("(");
    const values = [operand(tokens)];
    while (tokens.take(",")) values.push(operand(tokens));
    tokens.expect(")");
    return (item, given) => values.some((value) => compare(left(item, given), value(item, given)) === 0);
  }
  const holds = comparisons[tokens.next()] ?? missing("a comparison");
  const right = operand(tokens);
  return (item, given) => {
    const order = compare(left(item, given), right(item, given));
    return order !== undefined && holds(order);
  };
}

function both(tokens: Tokens): Condition {
  const first = primary(tokens);
  if (!tokens.take("AND")) return first;
  const others = both(tokens);
  return (item, given) => first(item, given) && others(item, given);
}

function either(tokens: Tokens): Condition {
  const first = both(tokens);
  if (!tokens.take("OR")) return first;
  const others = either(tokens);
  return (item, given) => first(item, given) || others(item, given);
}

function withValue(item: Item, [first = "", ...others]: string[], value: Value): Item {
  const inner = others.length === 0 ? value : { M: withValue(item[first]?.M ?? missing(first), others, value) };
  const { [first]: _, ...rest } = item;
  return inner === undefined ? rest : { ...rest, [first]: inner };
}

/** An operand, or the sum of two. */
function sum(tokens: Tokens): Operand {
  const first = operand(tokens);
  if (!tokens.take("+")) return first;
  const second = operand(tokens);
  return (item, given) => ({ N: String(Number(first(item, given)?.N) + Number(second(item, given)?.N)) });
}

function updateClauses(tokens: Tokens): Update {
  const changes: { at: Path; value: Operand }[] = [];
  while (tokens.peek() !== undefined) {
    const clause = tokens.next();
    do {
      const at = path(tokens.next());
      if (clause === "SET") {
        tokens.expect("=");
        changes.push({ at, value: sum(tokens) });
      } else if (clause === "ADD") {
        const added = operand(tokens);
        changes.push({
          at,
          value: (item, given) => ({
            N: String(Number(valueAt(item, at(given))?.N ?? 0) + Number(added(item, given)?.N)),
          }),
        });
      } else if (clause === "REMOVE") changes.push({ at, value: () => undefined });
      else missing(clause);
    } while (tokens.take(","));
  }
  return (was, given) => changes.reduce((item, { at, value }) => withValue(item, at(given), value(was, given)), was);
}

function compiled<Result>(read: (tokens: Tokens) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const result = known.get(text) ?? read(new Tokens(text));
    known.set(text, result);
    return result;
  };
}

/** Parses a ConditionExpression or KeyConditionExpression, for the syntax that the adapters use. */
export const condition = compiled((tokens): Condition => {
  const read = either(tokens);
  tokens.end();
  return read;
});

/** Parses an UpdateExpression, for the syntax that the adapters use. */
export const update = compiled(updateClauses);
