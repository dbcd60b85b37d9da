import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { request } from "undici";
import { createKardTokens } from "../../functions/adapters/kard/token.ts";
import { createKardPushes } from "../commands/kard-subscribe/kard-pushes.ts";
import { type KardSandbox, startKardSandbox } from "./kard-sandbox/kard-sandbox.ts";
import { StartUpError } from "./runner/template/start-up-error.ts";

/** Kard's URLs and credential for a local stack. */
export interface LocalKard {
  url: string;
  tokenUrl: string;
  /** The value of the stack's secret. */
  secret: { clientId: string; clientSecret: string; webhookKey: string; managesSeveralIssuers?: boolean };
  /** The bundled sandbox; undefined for another Kard. */
  sandbox: KardSandbox | undefined;
}

const sandboxSecret = { clientId: "sandbox-client", clientSecret: "sandbox-secret", webhookKey: "sandbox-webhook-key" };

function secretFrom(environment: NodeJS.ProcessEnv) {
  return {
    clientId: environment.KARD_CLIENT_ID ?? sandboxSecret.clientId,
    clientSecret: environment.KARD_CLIENT_SECRET ?? sandboxSecret.clientSecret,
    webhookKey: environment.KARD_WEBHOOK_KEY ?? sandboxSecret.webhookKey,
  };
}

/**
 * Starts the bundled Kard sandbox. `progress` moves its audits automatically.
 *
 * @throws StartUpError if the data directory cannot be used
 */
export async function startLocalSandbox(options: {
  dataDir: string | undefined;
  organizationId: string;
  progress: { startAfterMs: number; closeAfterMs: number } | null;
}): Promise<LocalKard> {
  const secret = secretFrom(process.env);
  const { dataDir, organizationId, progress } = options;
  try {
    if (dataDir !== undefined) mkdirSync(dataDir, { recursive: true });
    const sandbox = await startKardSandbox({
      ...secret,
      port: 0,
      dataFile: dataDir === undefined ? ":memory:" : join(dataDir, "kard-sandbox.sqlite"),
      organizationId,
      settings: { autoProgress: progress },
    });
    // The sandbox identifies issuers by their tokens, as Kard does for a client that manages several.
    return {
      url: sandbox.url,
      tokenUrl: sandbox.tokenUrl,
      secret: { ...secret, managesSeveralIssuers: true },
      sandbox,
    };
  } catch (error) {
    if (dataDir === undefined) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartUpError(`the data directory ${dataDir} cannot be used: ${reason}`);
  }
}

/**
 * Uses another Kard than the bundled sandbox.
 *
 * @throws StartUpError if its ping does not answer (Kard's reference: `GET /v2/ping`)
 */
export async function reachKard(url: string): Promise<LocalKard> {
  try {
    const { body } = await request(`${url}/v2/ping`, { signal: AbortSignal.timeout(5_000) });
    await body.dump();
  } catch {
    throw new StartUpError(`--kard: nothing answers at ${url}/v2/ping`);
  }
  const tokenUrl = process.env.KARD_TOKEN_URL ?? `${url}/v2/auth/token`;
  return { url, tokenUrl, secret: secretFrom(process.env), sandbox: undefined };
}

/**
 * Subscribes this machine to Kard's pushes. Reuses the subscription of an earlier start.
 *
 * @throws StartUpError if Kard refuses the subscription
 */
export async function subscribeToPushes(kard: LocalKard, organizationId: string, webhookUrl: string): Promise<void> {
  const secret = {
    credentialFor: async () => ({ ...kard.secret, tokenUrl: kard.tokenUrl, managesSeveralIssuers: false }),
    reread: async () => undefined,
  };
  const timing = { requestTimeoutMs: 5_000, clock: Date.now };
  const tokens = createKardTokens({ secret, ...timing });
  const pushes = createKardPushes({ apiUrl: kard.url, tokens, ...timing });
  const isLocal = (url: string) => new URL(url).hostname === "127.0.0.1";
  const { outcome } = await pushes.subscribeToPushes(organizationId, webhookUrl, isLocal);
  if (!["subscribed", "updated", "already-subscribed"].includes(outcome)) {
    throw new StartUpError(`Kard's sandbox refuses the subscription: ${outcome}`);
  }
}
