import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";

type Definition = Pick<CreateTableCommandInput, "GlobalSecondaryIndexes" | "KeySchema">;

let known: Definition | undefined;

/** By this a process that was started for many finds the definition that another has synthesized. */
export const definitionVariable = "CHAOS_TABLE";

/** Finds out how the template defines the table; once before the first world. */
export async function readTableDefinition(): Promise<Definition> {
  const given = process.env[definitionVariable];
  known ??= given === undefined ? (await import("../support/dynamo-table.ts")).definition : JSON.parse(given);
  return tableDefinition();
}

export function tableDefinition(): Definition {
  if (known === undefined) throw new Error("the table's definition has not been read");
  return known;
}
