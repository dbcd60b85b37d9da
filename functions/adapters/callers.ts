import type { z } from "zod";
import { cacheApiKeys } from "../core/api-key-cache.ts";
import { authenticator } from "../core/authenticate.ts";
import type { Authenticated } from "../core/caller.ts";
import type { Beside, Clock } from "../core/ports.ts";
import { requestLimit } from "../core/request-limit.ts";
import { dynamoApiKeys } from "./dynamo-api-keys.ts";
import { dynamoRequestCounts } from "./dynamo-request-counts.ts";
import type { Table } from "./dynamo-table.ts";
import type { callersEnvironment } from "./environment.ts";
import { identityTokens } from "./identity-tokens.ts";

/**
 * Who may call, as a function's environment says: by the table's API keys and, where one is trusted, a provider's
 * tokens.
 */
export function openCallers(
  environment: z.output<typeof callersEnvironment>,
  table: Table,
  clock: Clock,
  beside: Beside,
): (authorization: string | undefined, organizationId?: string) => Promise<Authenticated> {
  const { IDENTITY_PROVIDER: provider, CALLER_REQUESTS_PER_SECOND: perCaller } = environment;
  const limitCaller = requestLimit({ counts: dynamoRequestCounts(table), clock, beside, perSecond: perCaller });
  const keys = cacheApiKeys({ apiKeys: dynamoApiKeys(table), clock, beside });
  return authenticator({
    identify: provider === undefined ? [keys] : [keys, identityTokens(provider, clock)],
    limitCaller,
    limitIssuer: issuerLimit("issuer", environment.ISSUER_REQUESTS_PER_SECOND, table, clock, beside),
  });
}

/**
 * Keeps each issuer to a rate, over all functions that count the same of it.
 *
 * @param what is counted: ids of callers never have a colon after this word
 */
export function issuerLimit(
  what: "issuer" | "push",
  perSecond: number,
  table: Table,
  clock: Clock,
  beside: Beside,
): (organizationId: string) => number | undefined {
  const limit = requestLimit({ counts: dynamoRequestCounts(table), clock, beside, perSecond });
  return (organizationId) => limit(`${what}:${organizationId}`);
}
