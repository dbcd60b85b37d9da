import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoApiKeys } from "../../functions/adapters/dynamo-api-keys.ts";
import { openTable } from "../../functions/adapters/dynamo-table.ts";
import { issueApiKey, scope } from "../../functions/core/api-key.ts";
import { operatorCredentials } from "./operator-credentials.ts";

/**
 * An API key of every scope for one issuer, stored in the stack's table. With a data directory it is the same one at
 * every start: it is kept there, in a file of its owner's alone.
 */
export async function localApiKey(options: {
  endpoint: string;
  tableName: string;
  organizationId: string;
  dataDir: string | undefined;
}): Promise<string> {
  const file = options.dataDir === undefined ? undefined : join(options.dataDir, "api-key");
  if (file !== undefined && existsSync(file)) return readFileSync(file, "utf8");
  const { text, apiKey } = issueApiKey(
    { organizations: [options.organizationId], scopes: scope.options },
    randomBytes,
    Date.now(),
  );
  const client = new DynamoDBClient({ endpoint: options.endpoint, ...operatorCredentials });
  await dynamoApiKeys(openTable(options.tableName, client)).create(apiKey);
  client.destroy();
  if (file !== undefined) writeFileSync(file, text, { mode: 0o600 });
  return text;
}
