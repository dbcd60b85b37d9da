import { randomInt, randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod";
import { type AwsRequest, type AwsResponse, errorResponse, jsonResponse } from "../protocol/aws-request.ts";
import { findResource } from "../template/find-resource.ts";
import { ignored } from "../template/parse-template-part.ts";
import type { StackResources } from "../template/stack-resources.ts";
import { StartUpError } from "../template/start-up-error.ts";

const secretSchema = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  SecretString: z.string().optional(),
  GenerateSecretString: z
    .object({
      SecretStringTemplate: z.string(),
      GenerateStringKey: z.string(),
      PasswordLength: z.number().int(),
      ExcludeCharacters: z.string(),
    })
    .partial()
    .optional(),
  KmsKeyId: z.string().optional(),
  Tags: ignored,
});

/** The stack's secrets, with the API of AWS Secrets Manager. */
export interface Secrets {
  /** ARN for a name, partial ARN or ARN; the argument itself if there is no such secret. */
  arnOf(idOrArn: string): string;
  respond(request: AwsRequest): AwsResponse;
}

/**
 * Sets the secrets' values: from `values`, else from `file` (an earlier run), else as the template says.
 * @param values secret strings by logical id (with or without the CDK's hash) or name.
 * @param file stores generated values across restarts; undefined for memory only.
 * @throws StartUpError for a value whose secret is not in the template.
 */
export function openSecrets(
  stack: StackResources,
  values: Readonly<Record<string, string>>,
  file: string | undefined,
): Secrets {
  const resources = stack.ofType("AWS::SecretsManager::Secret", secretSchema);
  const versions = new Map(Object.entries(readStored(file)));
  for (const { arn, properties } of resources) {
    if (!versions.has(arn)) versions.set(arn, newVersion(properties.SecretString ?? generate(properties)));
  }
  for (const [idOrName, value] of Object.entries(values)) {
    const secret = findResource(resources, idOrName);
    if (secret === undefined) throw new StartUpError(`there is no secret ${idOrName} in the template to give a value`);
    versions.set(secret.arn, newVersion(value));
  }
  store();

  function store() {
    if (file !== undefined) writeFileSync(file, JSON.stringify(Object.fromEntries(versions)), { mode: 0o600 });
  }
  function find(idOrArn: string) {
    return resources.find(({ name, arn }) => [name, arn, arn.replace(/-[^-]{6}$/, "")].includes(idOrArn));
  }

  return {
    arnOf: (idOrArn) => find(idOrArn)?.arn ?? idOrArn,
    respond({ action, input }) {
      const secret = find(String(input.SecretId));
      const version = versions.get(secret?.arn ?? "");
      if (secret === undefined || version === undefined) {
        return errorResponse("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");
      }
      const { name: Name, arn: ARN } = secret;
      switch (action) {
        case "GetSecretValue":
          return jsonResponse({ ARN, Name, VersionStages: ["AWSCURRENT"], ...version });
        case "PutSecretValue": {
          const next = newVersion(String(input.SecretString));
          versions.set(ARN, next);
          store();
          return jsonResponse({ ARN, Name, VersionId: next.VersionId, VersionStages: ["AWSCURRENT"] });
        }
        case "DescribeSecret":
          return jsonResponse({ ARN, Name, VersionIdsToStages: { [version.VersionId]: ["AWSCURRENT"] } });
        default:
          return errorResponse("UnknownOperationException", `secretsmanager.${action} is not modelled`);
      }
    },
  };
}

const versionSchema = z.object({ VersionId: z.string(), SecretString: z.string(), CreatedDate: z.number() });

function newVersion(SecretString: string): z.infer<typeof versionSchema> {
  return { VersionId: randomUUID(), SecretString, CreatedDate: Date.now() / 1000 };
}

function readStored(file: string | undefined): Record<string, z.infer<typeof versionSchema>> {
  if (file === undefined) return {};
  try {
    return z.record(z.string(), versionSchema).parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    return {};
  }
}

/**
 * AWS: GetRandomPassword. By default 32 printable characters, inserted into the template's JSON if there is one.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html
 */
function generate({ GenerateSecretString: options = {} }: z.infer<typeof secretSchema>): string {
  const excluded = new Set(options.ExcludeCharacters ?? "");
  const alphabet = Array.from({ length: 94 }, (_, i) => String.fromCharCode(33 + i)).filter((c) => !excluded.has(c));
  const length = options.PasswordLength ?? 32;
  const password = Array.from({ length }, () => alphabet[randomInt(alphabet.length)]).join("");
  if (options.GenerateStringKey === undefined) return password;
  const template = z.record(z.string(), z.unknown()).parse(JSON.parse(options.SecretStringTemplate ?? "{}"));
  return JSON.stringify({ ...template, [options.GenerateStringKey]: password });
}
