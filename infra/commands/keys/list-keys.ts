import Table from "cli-table3";
import { type ApiKey, apiKeyStatus } from "../../../functions/core/access/api-key.ts";
import type { ApiKeyStore } from "../../../functions/core/access/ports.ts";

/** A key as shown: times in ISO 8601, without its secret. */
export type KeyResource = ReturnType<typeof shown>;

/** Lists all keys, or the keys of any of the given organizations, newest first. */
export async function listKeys(
  apiKeys: Pick<ApiKeyStore, "list">,
  organizations: readonly string[],
  now: number,
): Promise<KeyResource[]> {
  const keys = await apiKeys.list();
  return keys
    .filter((key) => organizations.length === 0 || key.organizations.some((one) => organizations.includes(one)))
    .sort((a, b) => b.createdAt - a.createdAt)
    .map((key) => shown(key, now));
}

/** Formats the keys as a table. */
export function keyTable(keys: readonly KeyResource[]): string {
  const table = new Table({
    head: ["key", "", "organizations", "scopes", "created", "last used", "until", ""],
    style: { head: [], border: [] },
  });
  for (const { keyId, standing, organizations, scopes, description = "", ...at } of keys) {
    const until = (at.revokedAt ?? at.validUntil ?? "").slice(0, 16).replace("T", " ");
    const [created, lastUsed] = [at.createdAt.slice(0, 10), at.lastUsedOn ?? "never"];
    table.push([keyId, standing, organizations.join("\n"), scopes.join("\n"), created, lastUsed, until, description]);
  }
  return table.toString();
}

function shown(apiKey: ApiKey, now: number) {
  const { secretHash: _, createdAt, validUntil, revokedAt, ...rest } = apiKey;
  return {
    ...rest,
    standing: apiKeyStatus(apiKey, now),
    createdAt: iso(createdAt),
    ...(validUntil === undefined ? {} : { validUntil: iso(validUntil) }),
    ...(revokedAt === undefined ? {} : { revokedAt: iso(revokedAt) }),
  };
}

function iso(time: number): string {
  return new Date(time).toISOString();
}
