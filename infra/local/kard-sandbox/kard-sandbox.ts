import { once } from "node:events";
import { adminRoutes } from "./admin-routes.ts";
import { auditRoutes } from "./audit-routes.ts";
import { createAudits, type SandboxAudit, type SandboxResolution } from "./audits.ts";
import { openDatabase } from "./database.ts";
import { type DialSettings, type Dials, dials as dialsSchema, type RouteName } from "./dials.ts";
import { notificationRoutes } from "./notification-routes.ts";
import { createNotifications } from "./notifications.ts";
import { progressAudits } from "./progress.ts";
import { createPushes } from "./pushes.ts";
import { createRequestCounts } from "./request-counts.ts";
import { createSandboxServer } from "./server.ts";
import { subscriptionRoutes } from "./subscription-routes.ts";
import { createSubscriptions } from "./subscriptions.ts";
import { tokenRoutes } from "./token-routes.ts";
import { createTokens } from "./tokens.ts";

export interface KardSandboxOptions {
  /** 0 takes any free one. */
  port: number;
  /** An SQLite file, made if it is not there; ":memory:" for state that does not last. */
  dataFile: string;
  clientId: string;
  clientSecret: string;
  webhookKey: string;
  /** How the dials stand at the start; they are not part of the lasting state. */
  dials?: DialSettings;
  /** Whose audits the legacy create makes where the token names no issuer. */
  organizationId?: string;
  now?: () => number;
  random?: () => number;
  /** The waits before a push that failed is tried again, in milliseconds. */
  pushRetryDelaysMs?: readonly number[];
}

/** A running sandbox, with the admin API's functions for those in the same process. */
export interface KardSandbox {
  url: string;
  tokenUrl: string;
  audits(): SandboxAudit[];
  startAudit(id: string): SandboxAudit | undefined;
  closeAudit(id: string, resolution?: SandboxResolution): SandboxAudit | undefined;
  requests(): Partial<Record<RouteName, number>>;
  revokeTokens(): void;
  /** Turns the dials given and leaves the others. */
  turn(settings: DialSettings): Dials;
  stop(): Promise<void>;
}

const progressIntervalMs = 50;

/** Starts a stand-in for Kard on 127.0.0.1. Rejects if the port is taken or the file cannot be used. */
export async function startKardSandbox(options: KardSandboxOptions): Promise<KardSandbox> {
  const { now = Date.now, random = Math.random, organizationId = "organization-123" } = options;
  const { clientId, clientSecret, webhookKey, pushRetryDelaysMs: retryDelaysMs = [500, 2_000] } = options;
  const closing = new AbortController();
  const database = openDatabase(options.dataFile);
  let current = dialsSchema.parse(options.dials ?? {});
  const dials = () => current;
  const setDials = (settings: Dials) => {
    current = settings;
    return current;
  };

  const tokens = createTokens(database, now);
  const subscriptions = createSubscriptions(database);
  const notifications = createNotifications(database, now);
  const requests = createRequestCounts(database);
  const pushes = createPushes({ notifications, subscriptions, webhookKey, retryDelaysMs, closing: closing.signal });
  const audits = createAudits(database, now, pushes.dispatch);
  const routes = [
    ...tokenRoutes({ tokens, clientId, clientSecret, dials }),
    ...auditRoutes({ audits, dials, organizationId }),
    ...subscriptionRoutes(subscriptions),
    ...notificationRoutes({ notifications, subscriptions, pushes }),
    ...adminRoutes({ audits, tokens, requests, dials, setDials }),
  ];

  const server = createSandboxServer({ routes, tokens, requests, dials, random, closing: closing.signal });
  server.listen(options.port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the sandbox has no port");
  const url = `http://127.0.0.1:${address.port}`;
  pushes.resume();
  const progress = setInterval(() => progressAudits(audits, current, now()), progressIntervalMs);

  return {
    url,
    tokenUrl: `${url}/v2/auth/token`,
    audits: audits.list,
    startAudit: audits.start,
    closeAudit: audits.close,
    requests: requests.all,
    revokeTokens: tokens.revokeAll,
    turn: (settings) => setDials(dialsSchema.parse({ ...current, ...settings })),
    async stop() {
      clearInterval(progress);
      closing.abort();
      server.close();
      server.closeAllConnections();
      await once(server, "close");
      database.close();
    },
  };
}
