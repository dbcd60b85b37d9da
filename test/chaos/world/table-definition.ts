import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";

type Definition = Pick<CreateTableCommandInput, "GlobalSecondaryIndexes" | "KeySchema">;

let known: Definition | undefined;

/** Lets child processes find the definition that another process has synthesized. */
export const definitionVariable = "CHAOS_TABLE";

/** Reads the table's definition from the template; call it before the first world. */
export async function readTableDefinition(): Promise<Definition> {
  const given = process.env[definitionVariable];
  known ??=
    given === undefined ? (await import("../../support/dynamodb/dynamo-table.ts")).definition : JSON.parse(given);
  return tableDefinition();
}

export function tableDefinition(): Definition {
  if (known === undefined) throw new Error("the table's definition has not been read");
  return known;
}
