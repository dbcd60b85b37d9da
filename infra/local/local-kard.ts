import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { request } from "undici";
import * as z from "zod";
import { createKardTokens } from "../../functions/adapters/kard/token.ts";
import { createKardPushes } from "../commands/kard-subscribe/kard-pushes.ts";
import { type KardSandbox, startKardSandbox } from "./kard-sandbox/kard-sandbox.ts";
import { StartUpError } from "./runner/template/start-up-error.ts";

/** Kard's URLs and credential for a local stack. */
export interface LocalKard {
  url: string;
  tokenUrl: string;
  tokenRequest: "form" | "json";
  /** The value of the stack's secret. */
  secret: { clientId: string; clientSecret: string; webhookKey: string; managesSeveralIssuers?: boolean };
  /** The bundled sandbox; undefined for another Kard. */
  sandbox: KardSandbox | undefined;
}

const timing = { requestTimeoutMs: 5_000, clock: Date.now };

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
      tokenRequest: "form",
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
 * Uses another Kard than the bundled sandbox. `KARD_TOKEN_URL` and `KARD_TOKEN_REQUEST` choose one of Kard's two ways
 * to a token.
 *
 * @throws StartUpError if its ping does not answer (Kard's reference: `GET /v2/ping`), or it refuses a token
 */
export async function reachKard(url: string): Promise<LocalKard> {
  try {
    const { body } = await request(`${url}/v2/ping`, { signal: AbortSignal.timeout(5_000) });
    await body.dump();
  } catch {
    throw new StartUpError(`--kard: nothing answers at ${url}/v2/ping`);
  }
  const { KARD_TOKEN_URL, KARD_TOKEN_REQUEST = KARD_TOKEN_URL === undefined ? "json" : "form" } = process.env;
  const kind = z.enum(["form", "json"]).safeParse(KARD_TOKEN_REQUEST);
  if (!kind.success) throw new StartUpError("KARD_TOKEN_REQUEST: must be form or json");
  const kard: LocalKard = {
    ...{ url, tokenUrl: KARD_TOKEN_URL ?? `${url}/v2/auth/token`, tokenRequest: kind.data },
    secret: secretFrom(process.env),
    sandbox: undefined,
  };
  const { outcome } = await tokensOf(kard).tokenFor("");
  if (outcome === "unauthorized") throw new StartUpError(refusedToken(kard));
  return kard;
}

function tokensOf({ secret, tokenUrl, tokenRequest }: LocalKard) {
  const source = {
    credentialFor: async () => ({ ...secret, tokenUrl, tokenRequest, managesSeveralIssuers: false }),
    reread: async () => undefined,
  };
  return createKardTokens({ secret: source, ...timing });
}

function refusedToken({ tokenUrl, tokenRequest }: LocalKard): string {
  const sent = tokenRequest === "json" ? "with a JSON body" : "with a Basic header and a form";
  const other =
    tokenRequest === "json"
      ? "KARD_TOKEN_URL=https://YOUR-CLIENT.getkard.com/v2/auth/token"
      : "KARD_TOKEN_REQUEST=json, or leave KARD_TOKEN_URL out";
  return (
    `Kard refuses a token at ${tokenUrl}, requested ${sent}. Check KARD_CLIENT_ID and KARD_CLIENT_SECRET. ` +
    `If they are right, use Kard's other way to a token: set ${other}`
  );
}

/**
 * Subscribes this machine to Kard's pushes. Reuses the subscription of an earlier start.
 *
 * @throws StartUpError if Kard refuses the subscription
 */
export async function subscribeToPushes(kard: LocalKard, organizationId: string, webhookUrl: string): Promise<void> {
  const pushes = createKardPushes({ apiUrl: kard.url, tokens: tokensOf(kard), ...timing });
  const isLocal = (url: string) => new URL(url).hostname === "127.0.0.1";
  const { outcome } = await pushes.subscribeToPushes(organizationId, webhookUrl, isLocal);
  if (!["subscribed", "updated", "already-subscribed"].includes(outcome)) {
    throw new StartUpError(`Kard's sandbox refuses the subscription: ${outcome}`);
  }
}
