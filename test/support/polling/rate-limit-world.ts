import { createKardClient } from "../../../functions/adapters/kard/client.ts";
import type { SendToKard } from "../../../functions/adapters/kard/http.ts";
import { type Admit, interactiveRateLimit } from "../../../functions/core/kard/interactive-rate-limit.ts";
import { pollerRateLimit } from "../../../functions/core/kard/poller-rate-limit.ts";
import { burstMs } from "../../../functions/core/shared/rate-limiter.ts";
import { networkSpreadMs, steadyRate } from "../../../functions/core/shared/steady-rate.ts";
import type { PollPlan } from "../../../functions/core/tracking/poll-plan.ts";
import type { PollShardsDeps } from "../../../functions/poll-audits/poll-shards.ts";
import type { Config } from "../../../infra/config/config.ts";
import { divideRateLimit } from "../../../infra/config/divide-rate-limit.ts";
import { noon } from "../fake-clock.ts";
import { fakeDeliveries, fakeResolutions } from "../fake-queues.ts";
import { kardTransport } from "../kard/kard-transport.ts";
import { memoryStores } from "../memory/stores.ts";
import { openAudit } from "../sample-audits.ts";
import { virtualTime } from "../virtual-time.ts";

export interface RateLimitWorldOptions {
  limit: Pick<Config, "kardRequestsPerSecond" | "interactiveShare" | "pollers">;
  pollPlan: PollPlan;
  /** From 0 to 1. */
  random: () => number;
  /** The organizations that share a credential. */
  credentialIdOf?: (organizationId: string) => string;
}

/** Environments of the functions, wired like their handlers, with stores in memory and one Kard, in virtual time. */
export function rateLimitWorld(options: RateLimitWorldOptions) {
  const { random, pollPlan, credentialIdOf = () => "credential" } = options;
  const time = virtualTime(noon);
  const stores = memoryStores();
  const kard = kardTransport(time, () => random() * 100);
  const parts = divideRateLimit(options.limit);
  const resolutions = fakeResolutions();
  const errors: unknown[] = [];
  const reportError = (error: unknown) => void errors.push(error);
  let ids = 0;
  let environments = 0;

  const schedule: typeof stores.callSchedule = {
    async reserve(request) {
      await time.sleep(2 + random() * 8);
      return stores.callSchedule.reserve(request);
    },
  };
  const credentials = {
    credentialIdentityFor: async (organizationId: string) => ({
      credentialId: credentialIdOf(organizationId),
      isShared: true,
    }),
  };
  const kardOf = (clock: () => number, admit?: Admit) => {
    const clientOf = (send: SendToKard) =>
      createKardClient({ apiUrl: "https://kard.test", tokens: kard.tokens(), requestTimeoutMs: 1, clock, admit, send });
    const clients = new Map<string, ReturnType<typeof clientOf>>();
    const client = (organizationId: string) => {
      const known = clients.get(organizationId) ?? clientOf(kard.sendFor(organizationId));
      clients.set(organizationId, known);
      return known;
    };
    return {
      getAudit: (organizationId: string, id: string) => client(organizationId).getAudit(organizationId, id),
      getEarnedRewards: (...given: Parameters<ReturnType<typeof clientOf>["getEarnedRewards"]>) =>
        client(given[0]).getEarnedRewards(...given),
      createAudit: (...given: Parameters<ReturnType<typeof clientOf>["createAudit"]>) =>
        client(given[0]).createAudit(...given),
      findLostAudit: (...given: Parameters<ReturnType<typeof clientOf>["findLostAudit"]>) =>
        client(given[0].organizationId).findLostAudit(...given),
    };
  };
  const depsOf = (clock: () => number, admit?: Admit) => ({
    ...{ ...stores, ownerTargets: [resolutions], deliveries: fakeDeliveries(), kard: kardOf(clock, admit) },
    ...{ clock, random, reportError },
    credentials,
    provesOwnership: async () => true,
    onGivenUp: () => undefined,
    ...{
      duplicateWindowMs: 0,
      randomUuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, "0")}`,
      sleep: time.sleep,
    },
  });

  return {
    ...{ time, stores, kard, resolutions, errors },
    limit: options.limit.kardRequestsPerSecond,

    /** An environment of audits-api or kard-webhook, with a clock offset in milliseconds. */
    interactive({ clockErrorMs = 0, maxWaitMs = 2_000 } = {}) {
      const clock = () => time.clock() + clockErrorMs;
      const budget = {
        schedule,
        credentials,
        clock,
        sleep: time.sleep,
        callsPerSecond: parts.interactive,
        arrivalSpreadMs: 250,
        maxWaitMs,
      };
      const admit = interactiveRateLimit({ ...budget, onRefused: () => undefined, onError: reportError });
      return { ...depsOf(clock, admit), pollPlan };
    },
    /** An environment of poll-audits. */
    poller(): PollShardsDeps {
      const callsPerSecond = steadyRate(parts.perPoller, burstMs + networkSpreadMs);
      const admit = pollerRateLimit({ credentials, clock: time.clock, sleep: time.sleep, callsPerSecond });
      return { ...depsOf(time.clock, admit), ...{ pollPlan, callsPerSecond, holder: `poller-${++environments}` } };
    },
    /** Stores an audit that Kard accepted this many milliseconds ago. */
    async accept(organizationId: string, name: string, age: number) {
      const at = time.clock() - age;
      const request = { ...openAudit().request, transactionId: name };
      const times = { createdAt: at, acceptedAt: at, laneAt: at };
      await stores.audits.create(openAudit({ organizationId, auditId: name, kardAuditId: name, request, ...times }));
      await stores.kardAuditIds.claim(name, { organizationId, auditId: name });
      kard.audits.set(name, { organizationId, transactionId: name, status: "NEW" });
    },
  };
}
