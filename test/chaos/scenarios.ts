import { fromItem } from "../../functions/adapters/dynamodb/table.ts";
import type { AuditRequest } from "../../functions/core/kard/audit-request.ts";
import {
  notification as notificationSchema,
  notificationStatus,
} from "../../functions/core/notifications/notification.ts";
import { refusedDescription } from "./kard.ts";
import type { Scenario } from "./scenario.ts";
import { twoIssuersScenarios } from "./two-issuers.ts";
import type { World } from "./world.ts";

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const request = (name: string, changes: Partial<AuditRequest> = {}): AuditRequest => ({
  transactionId: `txn-${name}`,
  auditCode: 3006,
  merchantName: "Corner Coffee",
  auditDescription: `No cashback for ${name}`,
  ...changes,
});

const idempotency = { key: "key-1", fingerprint: "print-1" };

/** Submits an audit, repeating the request until it is answered, and lets Kard close it. */
async function closedAudit(world: World): Promise<void> {
  await filed(world);
  for (const id of world.kard.audits.keys()) world.kard.close(id);
}

async function filed(world: World, name = "one"): Promise<void> {
  for (let tries = 1; tries <= 20; tries++) {
    const ended = await world.submit({ requests: [request(name)], idempotency: { key: name, fingerprint: name } });
    if (ended.ended === "done") return;
    await world.wait(10 * minute);
  }
  throw new Error("no answer");
}

/** Submits an audit whose create answer is lost. Returns the tracker's id. */
async function lostCreate(world: World): Promise<string> {
  world.kard.setMute(true);
  await filed(world);
  return world.submitted[0]?.auditIds[0] ?? "";
}

/** The first poll of an audit. */
async function firstPoll(world: World): Promise<void> {
  await world.wait(5 * minute);
  await minutes(world, 1);
}

/** Runs schedules and queues for minutes. */
async function minutes(world: World, count: number): Promise<void> {
  for (let minutesPassed = 0; minutesPassed < count; minutesPassed++) {
    await world.wait(minute);
    await world.poll();
    await world.sweep();
    await world.deliver();
  }
}

/** Whether the queue refused the message permanently and the row says so. */
function isRefusedFor(world: World, name: string, type: string): boolean {
  return [...world.rows.rows.values()].some(
    ({ sk, eventName, failure }) =>
      sk?.S?.startsWith("NOTIFICATION#") && sk.S.endsWith(`#${name}`) && eventName?.S === type && failure !== undefined,
  );
}

function everyoneGot(world: World, names: readonly string[], type: string): void {
  for (const name of names) {
    const endpoint = world.endpoints.all.get(`https://${name}.example/`);
    const arrived = endpoint?.received.some(
      ({ body, statusCode }) => JSON.parse(body).type === type && statusCode < 300,
    );
    if (!arrived && !isRefusedFor(world, name, type)) world.history.violated(`${name} was never told ${type}`);
  }
}

const tenNames = Array.from({ length: 10 }, (_, number) => `endpoint-${number}`);

/** Each event was delivered, and that is recorded, within this time. */
function recordedWithin(world: World, names: readonly string[], ms: number): void {
  const items = [...world.rows.rows.values()].filter(({ sk }) => sk?.S?.startsWith("NOTIFICATION#"));
  for (const record of items.map((item) => fromItem(notificationSchema, item))) {
    if (!names.includes(record.subscriptionId)) continue;
    const at = record.attempts.at(-1)?.at ?? Number.POSITIVE_INFINITY;
    if (record.status !== "delivered" || at - record.createdAt > ms) {
      world.history.violated(
        `${record.subscriptionId}: ${record.status} after ${(at - record.createdAt) / minute} min`,
      );
    }
  }
}

export const scenarios: Record<string, Scenario> = {
  ...twoIssuersScenarios,

  "submit-one": {
    async run(world) {
      await world.submit({ requests: [request("one")] });
    },
  },

  "submit-batch": {
    async run(world) {
      const refused = { auditDescription: refusedDescription };
      const requests = [
        request("1"),
        request("2", refused),
        request("3"),
        request("3", { auditDescription: "The same again" }),
      ];
      await world.submit({ requests });
      // Another issuer's audit of the same transaction and user.
      await world.submit({ organizationId: "other", requests: [request("1")] });
    },
  },

  /**
   * A client of Kard's SDKs that loses answers: it repeats the same bytes twice within seconds, without a key. The
   * repeats are in another window than the first.
   */
  "sdk-repeats": {
    async run(world) {
      const repeated = { requests: [request("one"), request("two")], fingerprint: "print-1" };
      await world.wait(10 * minute - second);
      await world.submit(repeated);
      await world.wait(2 * second);
      await world.submit(repeated);
      await world.wait(minute);
      await Promise.all([world.submit(repeated), world.submit(repeated)]);
    },
    expect({ rows, history }) {
      const filed = [...rows.rows.values()].filter(({ sk }) => sk?.S === "AUDIT");
      if (filed.length > 2) history.violated(`${filed.length} audits of a request for two`);
    },
  },

  "kard-down-and-back": {
    async run(world) {
      world.kard.setDown(true);
      await world.submit({ requests: [request("one"), request("two")] });
      await minutes(world, 3);
      world.kard.setDown(false);
    },
  },

  /** So that a fault at the second create finds an audit that Kard definitely does not have. */
  "create-throttled": {
    async run(world) {
      world.kard.setThrottling(true);
      await filed(world);
      world.kard.setThrottling(false);
      await minutes(world, 3);
    },
  },

  "poll-to-closed": {
    async run(world) {
      await world.subscribe("a");
      await filed(world);
      for (const id of world.kard.audits.keys()) world.kard.start(id);
      await firstPoll(world);
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await firstPoll(world);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  "poll-throttled": {
    async run(world) {
      for (const name of ["one", "two", "three"]) await filed(world, name);
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await firstPoll(world);
    },
  },

  "kard-push": {
    async run(world) {
      await world.subscribe("a");
      await closedAudit(world);
      for (const id of world.kard.audits.keys()) {
        for (let tries = 1; tries <= 20 && !(await world.push(id)); tries++) await world.wait(10 * minute);
      }
      await world.deliver();
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  "unknown-shapes": {
    async run(world) {
      await world.subscribe("a");
      world.kard.setOdd(true);
      for (const name of ["one", "two", "three", "four", "five", "six"]) await filed(world, name);
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await firstPoll(world);
      await world.wait(2 * hour);
      await minutes(world, 1);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  "publish-to-three": {
    async run(world) {
      for (const name of ["a", "b", "c"]) await world.subscribe(name);
      await world.subscribe("held", { enabled: false });
      await world.subscribe("foreign", { organizationId: "other" });
      await closedAudit(world);
      await firstPoll(world);
    },
    expect: (world) => everyoneGot(world, ["a", "b", "c"], "audit.closed"),
  },

  /** A batch of ten for ten endpoints. A problem of one must not affect the other nine. */
  "batch-of-ten": {
    async run(world) {
      world.outside.mayPoison = true;
      for (const name of tenNames) await world.subscribe(name);
      await closedAudit(world);
      await firstPoll(world);
    },
    expect(world) {
      const { poisonous, struck } = world.outside;
      const healthy = tenNames.filter((name) => !poisonous.has(`https://${name}.example/`));
      everyoneGot(world, healthy, "audit.closed");
      const deaths = struck.filter((fault) => /^(crash-before|crash-after|poison) at webhook$/.test(fault));
      if (deaths.length < struck.length) return;
      // The messages of a batch come again six minutes after a crash. A poison message crashes the next worker, too,
      // and is known from then on.
      const crashes = deaths.filter((fault) => !fault.startsWith("poison")).length;
      recordedWithin(world, healthy, (2 * poisonous.size + crashes) * 7 * minute + minute);
    },
  },

  "deliver-with-retries": {
    async run(world) {
      const endpoint = await world.subscribe("a");
      endpoint.answers = [500, 503, 500, 429];
      await closedAudit(world);
      await firstPoll(world);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  "slow-endpoint": {
    async run(world) {
      const endpoint = await world.subscribe("a");
      endpoint.ms = 3 * second;
      for (const name of ["one", "two"]) await filed(world, name);
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await firstPoll(world);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  "rotate-during-delivery": {
    async run(world) {
      const endpoint = await world.subscribe("a");
      endpoint.answers = [500];
      await closedAudit(world);
      await firstPoll(world);
      const key = { organizationId: "org", subscriptionId: "a" };
      const rotated = await world.insist("subscriptions-api", (its) => its.rotate(key, { overlapSeconds: 86_400 }));
      endpoint.secrets.add(rotated?.secrets[0]?.secret ?? "");
      await minutes(world, 2);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  "disable-and-recover": {
    async run(world) {
      const endpoint = await world.subscribe("a");
      await world.subscribe("watcher", { eventNames: ["subscription.disabled"] });
      endpoint.answers = [410];
      for (const name of ["one", "two"]) await filed(world, name);
      for (const id of world.kard.audits.keys()) world.kard.close(id);
      await firstPoll(world);
      const key = { organizationId: "org", subscriptionId: "a" };
      await world.insist("subscriptions-api", (its) => its.update(key, { enabled: false }));
      await minutes(world, 2);
      await world.insist("subscriptions-api", (its) => its.update(key, { enabled: true }));
      const statuses = notificationStatus.exclude(["delivered"]).options;
      const since = { ...key, since: 0, statuses, dryRun: false, from: undefined };
      await world.insist("subscriptions-api", (its) => its.recover(since));
      await world.deliver();
    },
    expect(world) {
      // A fault may delay its 410 until after it was enabled. Then everything is held.
      const stored = world.rows.rows.get(JSON.stringify(["ISSUER#org", "SUBSCRIPTION#a"]));
      if (stored?.enabled?.BOOL === true) everyoneGot(world, ["a"], "audit.closed");
      if (stored?.sequence?.N === "1") everyoneGot(world, ["watcher"], "subscription.disabled");
    },
  },

  replay: {
    async run(world) {
      const endpoint = await world.subscribe("a");
      await closedAudit(world);
      await firstPoll(world);
      const before = endpoint.received.length;
      if ((await world.replayAll()) === 0) return;
      endpoint.answers.push(500);
      world.replayed = { endpoint, after: before };
    },
    expect(world) {
      const { endpoint, after = 0 } = world.replayed ?? {};
      const again = endpoint?.received.slice(after).some(({ statusCode }) => statusCode < 300);
      if (endpoint !== undefined && !again && !isRefusedFor(world, "a", "audit.closed"))
        world.history.violated("what was replayed never came");
    },
  },

  overdue: {
    async run(world) {
      await world.subscribe("a");
      await filed(world);
      await firstPoll(world);
      await world.wait(2 * hour);
      await minutes(world, 2);
      await world.wait(3 * day);
      await minutes(world, 2);
      await world.wait(2 * hour);
      await minutes(world, 2);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.overdue"),
  },

  "idempotent-repeat": {
    async run(world) {
      const requests = [request("1"), request("2"), request("3")];
      await world.submit({ requests, idempotency });
      await Promise.all([world.submit({ requests, idempotency }), world.submit({ requests, idempotency })]);
      await world.submit({ requests: [request("9")], idempotency: { ...idempotency, fingerprint: "print-2" } });
      await minutes(world, 2);
      await world.submit({ requests, idempotency });
    },
    expect({ submitted, history }) {
      const answers = new Set(
        submitted.filter(({ auditIds }) => auditIds.length === 3).map((one) => one.auditIds.join()),
      );
      if (answers.size > 1) history.violated("one Idempotency-Key names several audits");
    },
  },

  /** Two issuers with one Kard credential: each can read the other's audits at Kard. */
  "adopt-of-another-issuer": {
    async run(world) {
      world.organizations.push("org", "other");
      await world.subscribe("foreign", { organizationId: "other" });
      await filed(world);
      for (const id of world.kard.audits.keys()) {
        await Promise.all(
          [1, 2].map(() => world.invoke("audits-api", (its) => its.adopt("other", "user", [id, `${id}-unknown`]))),
        );
      }
    },
    expect({ rows, history }) {
      const foreign = [...rows.rows.values()].filter(({ pk }) => pk?.S?.startsWith("AUDIT#other#"));
      if (foreign.length > 0) history.violated("an issuer has adopted another's audit");
    },
  },

  /** Kard shows the audit to both, and neither issuer is known yet. */
  "adopt-by-two-issuers": {
    async run(world) {
      const id = world.kard.seed(undefined, "user", request("old"));
      await Promise.all(["org", "other"].map((organization) => world.adopt(organization, [id])));
    },
  },

  "resolve-by-kard-id": {
    async run(world) {
      await world.subscribe("a");
      const audit = await lostCreate(world);
      for (const id of world.kard.audits.keys()) {
        await world.resolve("org", audit, id);
        world.kard.close(id);
      }
      world.kard.setMute(false);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  "adopt-what-a-lost-create-made": {
    async run(world) {
      await lostCreate(world);
      const ids = [...world.kard.audits.keys()];
      await world.adopt("org", ids);
      world.kard.setMute(false);
    },
    expect({ rows, history, outside }) {
      // The unconfirmed audit is found in an index, which may lag.
      const isIndexLate = outside.struck.some((fault) => fault.startsWith("stale"));
      const audits = [...rows.rows.values()].filter(({ sk }) => sk?.S === "AUDIT");
      if (audits.length > 1 && !isIndexLate) history.violated("an adoption has made a second audit");
    },
  },

  adopt: {
    async run(world) {
      await world.subscribe("a");
      const lookup = world.kard.seed("org", "user", request("old"));
      world.kard.start(lookup);
      await world.adopt("org", [lookup]);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },

  /** Kard hangs, then throttles, and answers only after all adoptions were requested. */
  "adopt-without-kard": {
    async run(world) {
      await world.subscribe("a");
      const [one = "", two = "", three = ""] = ["one", "two", "three"].map((name) =>
        world.kard.seed("org", "user", request(name)),
      );
      world.kard.setTrouble("org", { outcome: "failed", reason: "timeout" });
      await world.adopt("org", [one, two]);
      await minutes(world, 1);
      world.kard.setTrouble("org", { outcome: "throttled", retryAfterMs: 5 * minute });
      await world.adopt("org", [three, one, "unknown-at-kard"]);
      await minutes(world, 2);
      world.kard.setTrouble("org", undefined);
    },
    expect: (world) => everyoneGot(world, ["a"], "audit.closed"),
  },
};
