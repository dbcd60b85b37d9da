import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import middy from "@middy/core";
import { connect } from "../../cli/api/api.ts";
import { type SmokeStep, smoke } from "../../cli/smoke.ts";
import { cachedSecret } from "../adapters/aws/cached-secret.ts";
import { awsHttp } from "../adapters/aws/http-handler.ts";
import { parseApiKey } from "../core/access/api-key.ts";
import { readEnvironment } from "../platform/environment.ts";
import { logger, reportError } from "../platform/logger.ts";
import { middyOptions } from "../platform/middy-options.ts";
import { canaryEnvironment } from "./environment.ts";

const environment = readEnvironment(canaryEnvironment);
const { API_URL: url, ORGANIZATION_ID: organizationId, API_KEY_SECRET_ARN: secretArn } = environment;
const client = new SecretsManagerClient({ requestHandler: awsHttp() });
const apiKey = cachedSecret({ secretArn, client, clock: Date.now, reportError }, (text) => {
  if (parseApiKey(text.trim()) === undefined) throw new Error(`the secret ${secretArn} holds no API key`);
  return text.trim();
});

/** A failed response is retried once, so that a lost packet does not fail the check. */
const timing = { maxTries: 2, firstPauseMs: 500, maxPauseMs: 5_000, timeoutMs: 10_000 };

/** Calls the deployed API from outside. If a check fails, the invocation fails. */
export const handler = middy(middyOptions).handler(async () => {
  const steps: SmokeStep[] = [];
  try {
    const api = connect({ url, key: await apiKey.get(), organizationId }, timing);
    await smoke(api, {
      ...{ queue: undefined, sandboxUrl: undefined, webhook: undefined, waitMs: 0 },
      filesAudit: environment.FILES_AUDITS,
      onStep: (step) => steps.push(step),
    });
  } catch (error) {
    // A revoked or rotated key must not be used until its cache entry expires.
    await apiKey.reread().catch(reportError);
    logger.error("the canary failed", { steps });
    throw error;
  }
  logger.info("canary", { steps });
});
