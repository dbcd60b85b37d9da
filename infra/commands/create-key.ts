import { randomBytes } from "node:crypto";
import { parseArgs } from "node:util";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { z } from "zod";
import { dynamoApiKeys } from "../../functions/adapters/dynamo-api-keys.ts";
import { openTable } from "../../functions/adapters/dynamo-table.ts";
import { issueApiKey, scope } from "../../functions/core/api-key.ts";
import { clientOptions, readStackOutputs } from "./stack-outputs.ts";

const usage = `npm run keys:create -- --organization ID [--organization ID …] [--scope SCOPE …] [--outputs FILE]

Makes an API key and prints it, this once: only a hash of it is kept.

  --organization ID   an issuer that the key is for
  --scope SCOPE       ${scope.options.join(", ")} (all)
  --outputs FILE      the stack's outputs (.local/outputs.json)
`;

try {
  await create();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function create(): Promise<void> {
  const { values } = parseArgs({
    options: {
      organization: { type: "string", multiple: true, default: [] },
      scope: { type: "string", multiple: true, default: [...scope.options] },
      outputs: { type: "string", default: ".local/outputs.json" },
      help: { type: "boolean" },
    },
  });
  const { organization: organizations } = values;
  if (values.help || organizations.length === 0) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  const scopes = z.array(scope).safeParse(values.scope);
  if (!scopes.success) throw new Error(`--scope: there are ${scope.options.join(", ")}`);
  const outputs = readStackOutputs(values.outputs);
  const { text, apiKey } = issueApiKey({ organizations, scopes: scopes.data }, randomBytes, Date.now());
  await dynamoApiKeys(openTable(outputs.TableName, new DynamoDBClient(clientOptions(outputs)))).create(apiKey);
  console.log(text);
}
