import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { request } from "undici";
import { type KardSandbox, startKardSandbox } from "./kard-sandbox/kard-sandbox.ts";
import { StartUpError } from "./startup-error.ts";

/** Where Kard is for a local stack, and how the stack says who it is there. */
export interface LocalKard {
  url: string;
  tokenUrl: string;
  /** What the stack's secret holds. */
  secret: { clientId: string; clientSecret: string; webhookKey: string };
  /** The bundled sandbox, unless it is another Kard. */
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

/** Starts the bundled Kard sandbox; its audits move by themselves as `progress` says. */
export async function startLocalSandbox(options: {
  dataDir: string | undefined;
  organizationId: string;
  progress: { startAfterMs: number; closeAfterMs: number } | null;
}): Promise<LocalKard> {
  const secret = secretFrom(process.env);
  if (options.dataDir !== undefined) mkdirSync(options.dataDir, { recursive: true });
  const sandbox = await startKardSandbox({
    ...secret,
    port: 0,
    dataFile: options.dataDir === undefined ? ":memory:" : join(options.dataDir, "kard-sandbox.sqlite"),
    organizationId: options.organizationId,
    dials: { autoProgress: options.progress },
  });
  return { url: sandbox.url, tokenUrl: sandbox.tokenUrl, secret, sandbox };
}

/**
 * Another Kard than the bundled one.
 *
 * @throws StartUpError if nothing answers at its ping (Kard's reference: `GET /v2/ping`)
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
