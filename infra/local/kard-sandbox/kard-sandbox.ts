import { once } from "node:events";
import { createSandboxServer } from "./http/server.ts";
import { progressAudits } from "./progress.ts";
import { createPushes } from "./pushes.ts";
import { adminRoutes } from "./routes/admin-routes.ts";
import { auditRoutes } from "./routes/audit-routes.ts";
import { notificationRoutes } from "./routes/notification-routes.ts";
import { rewardRoutes } from "./routes/reward-routes.ts";
import { subscriptionRoutes } from "./routes/subscription-routes.ts";
import { tokenRoutes } from "./routes/token-routes.ts";
import { createAudits, type SandboxAudit, type SandboxResolution } from "./state/audits.ts";
import { openDatabase } from "./state/database.ts";
import { createNotifications } from "./state/notifications.ts";
import { createRequestCounts } from "./state/request-counts.ts";
import { createRewards, type RewardedUser, type SandboxRewardInput } from "./state/rewards.ts";
import { type RouteName, type SandboxSettings, type SandboxSettingsInput, settingsSchema } from "./state/settings.ts";
import { createSubscriptions } from "./state/subscriptions.ts";
import { createTokens } from "./state/tokens.ts";

export interface KardSandboxOptions {
  /** 0 for any free port. */
  port: number;
  /** An SQLite file, created if missing; ":memory:" keeps nothing. */
  dataFile: string;
  clientId: string;
  clientSecret: string;
  webhookKey: string;
  /** Initial settings. They are not stored. */
  settings?: SandboxSettingsInput;
  /** The issuer of legacy creates whose token names no issuer. */
  organizationId?: string;
  now?: () => number;
  random?: () => number;
  /** Retry delays of failed pushes, in milliseconds. */
  pushRetryDelaysMs?: readonly number[];
}

/** A running sandbox, with the admin API as functions for callers in the same process. */
export interface KardSandbox {
  url: string;
  tokenUrl: string;
  audits(): SandboxAudit[];
  startAudit(id: string): SandboxAudit | undefined;
  closeAudit(id: string, resolution?: SandboxResolution): SandboxAudit | undefined;
  /** Adds a user's reward, or changes that of its transaction. */
  setReward(user: RewardedUser, reward: SandboxRewardInput): void;
  requests(): Partial<Record<RouteName, number>>;
  revokeTokens(): void;
  /** Changes the given settings and keeps the others. */
  configure(changes: SandboxSettingsInput): SandboxSettings;
  stop(): Promise<void>;
}

const progressIntervalMs = 200;

/** Starts a simulation of Kard on 127.0.0.1. Rejects if the port is in use or the file cannot be used. */
export async function startKardSandbox(options: KardSandboxOptions): Promise<KardSandbox> {
  const { now = Date.now, random = Math.random, organizationId = "organization-123" } = options;
  const { clientId, clientSecret, webhookKey, pushRetryDelaysMs: retryDelaysMs = [500, 2_000] } = options;
  const closing = new AbortController();
  const database = openDatabase(options.dataFile);
  let current = settingsSchema.parse(options.settings ?? {});
  const settings = () => current;
  const setSettings = (next: SandboxSettings) => {
    current = next;
    return current;
  };

  const tokens = createTokens(database, now);
  const subscriptions = createSubscriptions(database);
  const notifications = createNotifications(database, now);
  const requests = createRequestCounts(database);
  const pushes = createPushes({ notifications, subscriptions, webhookKey, retryDelaysMs, closing: closing.signal });
  const audits = createAudits(database, now, pushes.dispatch);
  const rewards = createRewards(database, now);
  const routes = [
    ...tokenRoutes({ tokens, clientId, clientSecret, settings }),
    ...auditRoutes({ audits, settings, organizationId }),
    ...rewardRoutes({ rewards, settings }),
    ...subscriptionRoutes(subscriptions),
    ...notificationRoutes({ notifications, subscriptions, pushes }),
    ...adminRoutes({ audits, rewards, tokens, requests, settings, setSettings }),
  ];

  const server = createSandboxServer({ routes, tokens, requests, settings, random, closing: closing.signal });
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
    setReward: rewards.set,
    requests: requests.all,
    revokeTokens: tokens.revokeAll,
    configure: (changes) => setSettings(settingsSchema.parse({ ...current, ...changes })),
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
