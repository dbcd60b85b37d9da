import type * as z from "zod";
import { cacheApiKeys } from "../core/access/api-key-cache.ts";
import { authenticator } from "../core/access/authenticate.ts";
import type { Authenticated } from "../core/access/caller.ts";
import { requestLimit } from "../core/access/request-limit.ts";
import type { Clock, RunInBackground } from "../core/shared/ports.ts";
import { dynamoApiKeys } from "./dynamodb/api-keys.ts";
import { dynamoRequestCounts } from "./dynamodb/request-counts.ts";
import type { Table } from "./dynamodb/table/table.ts";
import type { callersEnvironment } from "./environment.ts";
import { identityTokens } from "./identity/identity-tokens.ts";

/** Authenticates callers by API keys in the table and, if an identity provider is configured, by its tokens. */
export function openCallers(
  environment: z.output<typeof callersEnvironment>,
  table: Table,
  clock: Clock,
  runInBackground: RunInBackground,
): (authorization: string | undefined, organizationId?: string) => Promise<Authenticated> {
  const { IDENTITY_PROVIDER: provider, CALLER_REQUESTS_PER_SECOND: perCaller } = environment;
  const limitCaller = requestLimit({
    counts: dynamoRequestCounts(table),
    clock,
    runInBackground,
    perSecond: perCaller,
  });
  const keys = cacheApiKeys({ apiKeys: dynamoApiKeys(table), clock, runInBackground });
  return authenticator({
    identify: provider === undefined ? [keys] : [keys, identityTokens(provider, clock)],
    limitCaller,
    limitIssuer: issuerLimit("issuer", environment.ISSUER_REQUESTS_PER_SECOND, table, clock, runInBackground),
  });
}

/**
 * Limits requests per issuer, over all functions that use the same counter.
 *
 * @param what the name of the counter; no caller's id starts with it and a colon
 */
export function issuerLimit(
  what: "issuer" | "push",
  perSecond: number,
  table: Table,
  clock: Clock,
  runInBackground: RunInBackground,
): (organizationId: string) => number | undefined {
  const limit = requestLimit({ counts: dynamoRequestCounts(table), clock, runInBackground, perSecond });
  return (organizationId) => limit(`${what}:${organizationId}`);
}
