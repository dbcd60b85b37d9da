import pMap from "p-map";
import { submitRequests } from "../../../functions/audits-api/submit/submit-requests.ts";
import type { AuditRequest } from "../../../functions/core/kard/audit-request.ts";
import { handlePush } from "../../../functions/kard-webhook/handle-push.ts";
import { pollShards } from "../../../functions/poll-audits/poll-shards.ts";
import { aRequest } from "../sample-audits.ts";
import { mostInAnySecond } from "./most-in-any-second.ts";
import { type RateLimitWorldOptions, rateLimitWorld } from "./rate-limit-world.ts";

const second = 1_000;
const minute = 60 * second;

/** Two issuers that share a credential: one submits audits, the other has open ones that Kard closes in a batch. */
const importer = "importer";
const pushed = "pushed";

const imports = { environments: 6, requestsEach: 3, auditsEach: 100 };
const pushes = { environments: 20, audits: 300 };
const openAudits = 1_000;
/** By then everything has reached Kard, at the pollers' rate alone. */
const mostTicks = 6;

/**
 * An import, a batch of pushes and polling at the same time, in many environments whose clocks differ by up to 100 ms.
 */
export async function rateLimitStorm(options: RateLimitWorldOptions) {
  const world = rateLimitWorld(options);
  const { time, stores, kard } = world;
  const clockErrorMs = () => options.random() * 100 - 50;
  const pushedIds = Array.from({ length: pushes.audits }, (_, number) => `open-${number}`);
  for (let number = 0; number < openAudits; number++) await world.accept(pushed, `open-${number}`, 7 * minute + number);
  for (const id of pushedIds) kard.close(id);

  const responses = { accepted: 0, waiting: 0, refused: 0, "not-stored": 0, "key-reused": 0 };
  const importIn = async (environment: number) => {
    const submit = submitRequests(world.interactive({ clockErrorMs: clockErrorMs() }));
    for (let request = 0; request < imports.requestsEach; request++) {
      const requests = Array.from({ length: imports.auditsEach }, (_, number): AuditRequest => {
        return { ...aRequest, transactionId: `filed-${environment}-${request}-${number}` };
      });
      const submitted = await submit({ organizationId: importer, userId: "user", requests, idempotency: undefined });
      if (submitted.outcome === "submitted") for (const { result } of submitted.results) responses[result]++;
      await time.sleep(options.random() * 200);
    }
  };

  const push = async () => {
    const environments = Array.from({ length: pushes.environments }, () =>
      handlePush(world.interactive({ clockErrorMs: clockErrorMs(), maxWaitMs: 500 })),
    );
    const request = ({ transactionId }: { transactionId: string }) => ({ ...aRequest, transactionId });
    await pMap(
      pushedIds,
      async (kardAuditId) => {
        const take = environments.pop() ?? neverMoreAtOnce();
        const about = { organizationId: pushed, kardAuditId, status: "CLOSED", userId: "user-1" };
        await take({ ...about, request: request({ transactionId: kardAuditId }) });
        environments.push(take);
      },
      { concurrency: pushes.environments },
    );
  };

  const poll = async (shards: readonly number[]) => {
    const tick = pollShards(world.poller());
    for (let ticks = 0; ticks < mostTicks; ticks++) {
      const began = time.clock();
      const { errors } = await tick(shards, began + 45 * second);
      world.errors.push(...errors);
      await time.sleep(began + minute - time.clock());
    }
  };

  const eighth = 8 / options.limit.pollers;
  const pollers = Array.from({ length: options.limit.pollers }, (_, poller) =>
    poll(Array.from({ length: eighth }, (_, shard) => poller * eighth + shard)),
  );
  const importing = Array.from({ length: imports.environments }, (_, environment) => importIn(environment));
  const interactive = Promise.all([...importing, push()]).then(() => time.clock());
  const start = time.clock();
  await time.run(Promise.all([interactive, ...pollers]));

  const audits = [...stores.state.audits.values()];
  const filed = audits.filter(({ organizationId }) => organizationId === importer);
  return {
    limit: world.limit,
    /** The most calls in a second, during the load and in total. */
    most: mostInAnySecond(kard.requests.map(({ at }) => at)),
    calls: kard.requests.length,
    interactiveMs: (await interactive) - start,
    responses,
    errors: world.errors,
    filedAtKard: [...kard.audits.values()].filter(({ organizationId }) => organizationId === importer).length,
    filedStatuses: count(filed.map(({ status }) => status)),
    pushedStatuses: count(pushedIds.map((id) => audits.find(({ auditId }) => auditId === id)?.status)),
    creates: kard.requests.filter(({ route }) => route === "create").length,
  };
}

function count(values: readonly (string | undefined)[]): Record<string, number> {
  return Object.fromEntries([...Map.groupBy(values, String)].map(([value, all]) => [value, all.length]));
}

function neverMoreAtOnce(): never {
  throw new Error("more pushes are under way than there are environments");
}
