import type { z } from "zod";
import { authenticator } from "../core/authenticate.ts";
import type { Authenticated } from "../core/caller.ts";
import { knownKeys } from "../core/known-keys.ts";
import type { Beside, Clock } from "../core/ports.ts";
import { requestLimit } from "../core/request-limit.ts";
import { dynamoApiKeys } from "./dynamo-api-keys.ts";
import { dynamoRequestCounts } from "./dynamo-request-counts.ts";
import type { Table } from "./dynamo-table.ts";
import type { callersEnvironment } from "./environment.ts";
import { identityTokens } from "./identity-tokens.ts";

/** Who may call, as a function's environment says: by the table's API keys and, where one is trusted, a provider's tokens. */
export function openCallers(
  environment: z.output<typeof callersEnvironment>,
  table: Table,
  clock: Clock,
  beside: Beside,
): (authorization: string | undefined) => Promise<Authenticated> {
  const { IDENTITY_PROVIDER: provider, CALLER_REQUESTS_PER_SECOND: perSecond } = environment;
  const keys = knownKeys({ apiKeys: dynamoApiKeys(table), clock, beside });
  return authenticator({
    identify: provider === undefined ? [keys] : [keys, identityTokens(provider, clock)],
    limit: requestLimit({ counts: dynamoRequestCounts(table), clock, beside, perSecond }),
  });
}
