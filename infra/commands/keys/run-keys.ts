import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoApiKeys } from "../../../functions/adapters/dynamodb/api-keys.ts";
import { openTable } from "../../../functions/adapters/dynamodb/table/table.ts";
import { exitCodeOf } from "../exit-code.ts";
import { printNote, printResult } from "../output.ts";
import { clientOptions, readStackOutputs, tableOutputs } from "../stack-outputs.ts";
import { createKey } from "./create-key.ts";
import { type KeysCommand, keysUsage, readKeysCommand } from "./keys-command.ts";
import { keyTable, listKeys } from "./list-keys.ts";
import { rotateKey } from "./rotate-key.ts";

const effect = "effective within a minute";

/**
 * Manages the API keys of a stack. Standard output contains only the key or the list, for use by programs. Errors are
 * one line on standard error.
 *
 * @param calledAs name of the program in the help
 * @returns the exit code
 */
export async function runKeys(args: readonly string[], calledAs: string): Promise<number> {
  return exitCodeOf(async () => {
    const command = readKeysCommand(args);
    if (command === "help") printResult(keysUsage(calledAs));
    else await run(command);
    return 0;
  });
}

async function run(command: KeysCommand): Promise<void> {
  const outputs = readStackOutputs(tableOutputs, command.outputs);
  const client = new DynamoDBClient(clientOptions(outputs));
  const apiKeys = dynamoApiKeys(openTable(outputs.TableName, client));
  const now = Date.now();
  switch (command.command) {
    case "create":
      printResult(await createKey(apiKeys, command, now));
      return;
    case "list": {
      const keys = await listKeys(apiKeys, command.organization, now);
      printResult(command.json ? JSON.stringify(keys, null, 2) : keyTable(keys));
      return;
    }
    case "rotate": {
      const { endsAt } = await rotateKey(apiKeys, command, now, printResult);
      printNote(`${command.key} ${endsAt === undefined ? `is revoked, ${effect}` : `works until ${endsAt}`}`);
      return;
    }
    case "revoke":
      if ((await apiKeys.revoke(command.key, now)) === "missing") throw new Error(`there is no key ${command.key}`);
      printNote(`${command.key} is revoked, ${effect}`);
      return;
  }
}
