import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { dynamoApiKeys } from "../../functions/adapters/dynamodb/api-keys.ts";
import { openTable } from "../../functions/adapters/dynamodb/table/table.ts";
import { apiKeyStatus, issueApiKey, parseApiKey, scope } from "../../functions/core/access/api-key.ts";
import { operatorCredentials } from "./runner/operator-credentials.ts";

/**
 * Creates an API key with all scopes for one issuer in the stack's table. With a data directory, it stores the key in a
 * file with mode 600, and reuses it at each start while it is active.
 */
export async function localApiKey(options: {
  endpoint: string;
  tableName: string;
  organizationId: string;
  dataDir: string | undefined;
}): Promise<string> {
  const file = options.dataDir === undefined ? undefined : join(options.dataDir, "api-key");
  const client = new DynamoDBClient({ endpoint: options.endpoint, ...operatorCredentials });
  const apiKeys = dynamoApiKeys(openTable(options.tableName, client));
  try {
    const kept = file !== undefined && existsSync(file) ? readFileSync(file, "utf8") : "";
    const stored = await apiKeys.get(parseApiKey(kept)?.keyId ?? "none");
    if (stored !== undefined && apiKeyStatus(stored, Date.now()) === "active") return kept;
    const grant = { organizations: [options.organizationId], scopes: scope.options };
    const { text, apiKey } = issueApiKey(grant, randomBytes, Date.now());
    await apiKeys.create(apiKey);
    if (file !== undefined) writeFileSync(file, text, { mode: 0o600 });
    return text;
  } finally {
    client.destroy();
  }
}
