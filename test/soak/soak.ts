import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { subscribe } from "../bench/subscribe.ts";
import { startTracker } from "../chaos/local-tracker.ts";
import { atKard } from "../chaos/world/through-the-api.ts";
import { consumeResolutions } from "../e2e/support/resolutions.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../e2e/support/webhooks/webhook-receiver.ts";
import { flapKard, flapSubscriber } from "./flapping.ts";
import { steadyLoad } from "./load.ts";
import { type Memory, memoryInUse, memoryOf, type Percentiles, percentiles, storedData } from "./measures.ts";

export interface SoakOptions {
  minutes: number;
  /** Audits filed per second. */
  perSecond: number;
  /** Maximum time for outstanding deliveries after everything is up again, in minutes. */
  patience: number;
}

export interface Soaked {
  minutes: number;
  /** Accepted audits. */
  audits: number;
  /** Repeated requests. */
  repeated: number;
  /** Webhooks that the flapping subscriber answered with 503. */
  refused: number;
  /** Latencies in milliseconds. Kard closes an audit eight seconds after it accepted it. */
  submitToResolution: Percentiles;
  closeToResolution: Percentiles;
  closeToReceipt: { healthy: Percentiles; flapping: Percentiles };
  /** Memory of the process with the stack, its emulators and Kard, without stored data, in megabytes. */
  memory: Memory;
  /** Size of the files of the table, the queues and Kard at the end, in megabytes. */
  storedMegabytes: number;
  /** Time from the end of all failures until everything arrived. */
  healedInSeconds: number;
  undelivered: { resolutions: number; healthy: number; flapping: number };
  /** Duplicate audits at Kard. */
  superfluousAtKard: number;
}

const sampledEveryMs = 2_000;
const toldEvery = 5;

/** Runs a steady load on the local stack while Kard and a subscriber flap, then waits for recovery, and measures. */
export async function soak(options: SoakOptions, tell: (line: string) => void): Promise<Soaked> {
  const { minutes, perSecond, patience } = options;
  const cwd = await mkdtemp(join(tmpdir(), "soak-"));
  const healthy = await startWebhookReceiver();
  const flapping = await startWebhookReceiver();
  const tracker = await startTracker(cwd);
  try {
    const { outputs, pid } = tracker;
    for (const { url } of [healthy, flapping]) await subscribe(outputs, url);
    const resolutions = consumeResolutions(outputs);
    const arrivals = {
      resolutions: () => firstArrivals(resolutions.received),
      healthy: () => acceptedBy(healthy),
      flapping: () => acceptedBy(flapping),
    };
    const unsettled = [await flapKard(outputs), await flapSubscriber(flapping)];
    const load = steadyLoad(outputs, perSecond);
    const missing = (arrived: ReadonlyMap<string, number>) => [...load.filed.keys()].filter((id) => !arrived.has(id));
    const undelivered = () => ({
      resolutions: missing(arrivals.resolutions()).length,
      healthy: missing(arrivals.healthy()).length,
      flapping: missing(arrivals.flapping()).length,
    });

    const megabytes: number[] = [];
    const tellHow = (when: string) => {
      const owed = undelivered();
      tell(
        `${when}: ${load.filed.size} audits accepted, not yet told: ${owed.resolutions} on the queue, ` +
          `${owed.healthy} to the healthy and ${owed.flapping} to the flapping subscriber; ` +
          `${Math.round(megabytes.at(-1) ?? 0)} MB`,
      );
    };
    const startedAt = Date.now();
    const endsAt = startedAt + minutes * 60_000;
    const passed = () => `${Math.round((Date.now() - startedAt) / 1_000)} s`;
    while (Date.now() < endsAt) {
      megabytes.push(await memoryInUse(pid));
      if (megabytes.length % toldEvery === 0) tellHow(passed());
      await sleep(Math.max(0, Math.min(sampledEveryMs, endsAt - Date.now())));
    }
    for (const { stop } of unsettled) await stop();
    const healsFrom = Date.now();
    await load.stop();
    for (let looks = 1; sum(undelivered()) > 0 && Date.now() < healsFrom + patience * 60_000; looks++) {
      if (looks % (toldEvery * 4) === 0) tellHow(`${passed()}, healing`);
      await sleep(500);
    }
    const healedInSeconds = Math.round((Date.now() - healsFrom) / 1_000);

    const made = await atKard(outputs);
    const closedAt = new Map(made.map(({ id, closedAt }) => [id, closedAt ?? Number.NaN]));
    const kardIds = new Map(resolutions.received.map(({ body }) => kardIdIn(body)));
    const sinceClose = (arrived: ReadonlyMap<string, number>) =>
      since(arrived, (id) => closedAt.get(kardIds.get(id) ?? ""));
    const result: Soaked = {
      ...{ minutes, audits: load.filed.size, repeated: load.repeated() },
      refused: flapping.received.filter(({ answered }) => answered >= 300).length,
      submitToResolution: percentiles(since(arrivals.resolutions(), (id) => load.filed.get(id))),
      closeToResolution: percentiles(sinceClose(arrivals.resolutions())),
      closeToReceipt: {
        healthy: percentiles(sinceClose(arrivals.healthy())),
        flapping: percentiles(sinceClose(arrivals.flapping())),
      },
      memory: memoryOf(megabytes),
      storedMegabytes: Math.round(await storedData(join(cwd, "data"))),
      healedInSeconds,
      undelivered: undelivered(),
      superfluousAtKard: made.length - load.filed.size,
    };
    await resolutions.stop();
    return result;
  } finally {
    await tracker.stop();
    await Promise.all([healthy.stop(), flapping.stop()]);
    await rm(cwd, { recursive: true, force: true });
  }
}

export const sum = (counts: Soaked["undelivered"]) => counts.resolutions + counts.healthy + counts.flapping;

interface Told {
  data: { id: string; attributes: { kardAuditId: string } };
}

const read = (body: string) => (JSON.parse(body) as Told).data;
const kardIdIn = (body: string): [string, string] => [read(body).id, read(body).attributes.kardAuditId];

/** Arrival of each audit's first event. */
function firstArrivals(told: readonly { at: number; body: string }[]): Map<string, number> {
  return new Map(told.toReversed().map(({ at, body }) => [read(body).id, at]));
}

const acceptedBy = ({ received }: WebhookReceiver) => firstArrivals(received.filter(({ answered }) => answered < 300));

/** Latency of each audit from its start. */
function since(arrived: ReadonlyMap<string, number>, begun: (id: string) => number | undefined): number[] {
  return [...arrived].map(([id, at]) => at - (begun(id) ?? Number.NaN)).filter((ms) => !Number.isNaN(ms));
}
