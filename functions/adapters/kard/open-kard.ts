import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type * as z from "zod";
import type { Admit } from "../../core/kard/interactive-rate-limit.ts";
import type { KardCredentials } from "../../core/kard/ports.ts";
import type { Clock, ReportError, RunInBackground } from "../../core/shared/ports.ts";
import { awsHttp } from "../aws/http-handler.ts";
import type { kardEnvironment } from "../environment.ts";
import { createKardClient } from "./client.ts";
import type { KardCall } from "./http.ts";
import { createKardSecret } from "./secret.ts";
import { createKardTokens } from "./token.ts";

export interface KardHooks {
  /** Called after every HTTP exchange with Kard. */
  observe: (call: KardCall) => void;
  reportError: ReportError;
  /** Accepts requests that may outlast the call that started them. */
  inBackground: RunInBackground;
}

/**
 * Two requests and a token request fit into the 29 seconds that API Gateway waits.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
 */
const requestTimeoutMs = 6_000;

/**
 * Opens Kard with the hosts and credentials of a function's environment.
 *
 * @param admission creates the check that runs before each call, if there is one
 */
export function openKard(
  environment: z.output<typeof kardEnvironment>,
  clock: Clock,
  hooks: KardHooks,
  admission?: (credentials: KardCredentials) => Admit,
) {
  const { observe, reportError, inBackground } = hooks;
  const secret = createKardSecret({
    secretArn: environment.KARD_SECRET_ARN,
    tokenUrl: environment.KARD_TOKEN_URL,
    tokenRequest: environment.KARD_TOKEN_REQUEST,
    client: new SecretsManagerClient({ requestHandler: awsHttp() }),
    clock,
    reportError,
  });
  const tokens = createKardTokens({ secret, requestTimeoutMs, clock, observe, inBackground });
  const admit = admission?.(secret);
  const kard = createKardClient({
    ...{ apiUrl: environment.KARD_API_URL, tokens, requestTimeoutMs, clock, observe, admit },
    namesIssuerOnCreate: environment.KARD_TARGET_ISSUER_ON_CREATE,
  });
  return { kard, secret };
}
