import { organizationsOfKeys } from "../../core/access/api-key.ts";
import type { KardCredentials } from "../../core/kard/ports.ts";
import { type ProvesOwnership, provesOwnership } from "../../core/tracking/ownership.ts";
import { dynamoApiKeys } from "./api-keys.ts";
import { dynamoIssuers } from "./issuers.ts";
import type { Table } from "./table/table.ts";

/**
 * Whether Kard's responses prove ownership, by the issuers that the table knows: by their audits or by their API keys.
 */
export function dynamoOwnership(table: Table, credentials: KardCredentials): ProvesOwnership {
  return provesOwnership({
    credentials,
    organizations: async () => [
      ...(await dynamoIssuers(table).list()),
      ...organizationsOfKeys(await dynamoApiKeys(table).list()),
    ],
  });
}
