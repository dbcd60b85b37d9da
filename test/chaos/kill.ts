import { randomInt } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pMap from "p-map";
import { request } from "undici";
import type { LocalOutputs } from "../../infra/local/local-tracker.ts";
import { subscribe } from "../bench/subscribe.ts";
import { consumeResolutions } from "../e2e/support/resolutions.ts";
import { startWebhookReceiver } from "../e2e/support/webhooks/webhook-receiver.ts";
import { startTracker } from "./local-tracker.ts";
import { progressOf } from "./progress.ts";
import { atKard, closesSoon, configureKard, file } from "./world/through-the-api.ts";

const filedAtOnce = 4;
/**
 * An audit interrupted while it was submitted waits for its lease; one whose webhook was interrupted, for 15 minutes.
 */
const patienceMs = 25 * 60_000;

export interface Killed {
  audits: number;
  kills: number;
  /** Requests that a kill interrupted and that were repeated. */
  cutOff: number;
  atKard: number;
  resolved: number;
  published: number;
  delivered: number;
  /** Messages and webhooks in excess of one per audit. */
  publishedAgain: number;
  deliveredAgain: number;
  seconds: number;
}

/** Submits audits to the local stack, which is killed at random times and restarted on its data. */
export async function killAndRestart({ audits, kills }: { audits: number; kills: number }): Promise<Killed> {
  const startedAt = Date.now();
  const cwd = await mkdtemp(join(tmpdir(), "chaos-kill-"));
  const receiver = await startWebhookReceiver();
  const progress = progressOf("kills", kills);
  /** The ids of answered requests, by Idempotency-Key. */
  const answered = new Map<string, string>();
  const published: string[] = [];
  let cutOff = 0;

  /** Submits audits until enough are answered or the tracker is gone. */
  const fileUntil = async (outputs: LocalOutputs, total: number) => {
    const keys = Array.from({ length: total }, (_, number) => `audit-${number}`).filter((key) => !answered.has(key));
    await pMap(
      keys,
      async (key) => {
        try {
          const id = await file(outputs, key);
          if (id !== undefined) answered.set(key, id);
        } catch {
          cutOff++;
        }
      },
      { concurrency: filedAtOnce },
    );
  };

  try {
    for (let kill = 0; kill < kills; kill++) {
      const tracker = await startTracker(cwd);
      if (kill === 0) await subscribe(tracker.outputs, receiver.url);
      await configureKard(tracker.outputs, closesSoon);
      const resolutions = consumeResolutions(tracker.outputs);
      const filing = fileUntil(tracker.outputs, Math.ceil((audits / kills) * (kill + 1)));
      await sleep(randomInt(200, 4_000));
      await tracker.kill();
      await filing;
      published.push(...(await taken(resolutions)));
      progress.step();
    }
    const tracker = await startTracker(cwd);
    await configureKard(tracker.outputs, closesSoon);
    const resolutions = consumeResolutions(tracker.outputs);
    while (answered.size < audits) await fileUntil(tracker.outputs, audits);
    const ids = [...answered.values()];
    const named = (bodies: readonly string[]) => new Set(bodies.map((body) => JSON.parse(body).data.id as string));
    const bodies = () => [...published, ...resolutions.received.map(({ body }) => body)];
    const webhooks = () => receiver.received.map(({ body }) => body);
    const isDone = () => [named(bodies()), named(webhooks())].every((told) => ids.every((id) => told.has(id)));
    const deadline = Date.now() + patienceMs;
    while (!isDone() && Date.now() < deadline) await sleep(500);
    const statuses = await pMap(ids, (id) => statusOf(tracker.outputs, id), { concurrency: filedAtOnce });
    const made = await atKard(tracker.outputs);
    await resolutions.stop();
    await tracker.stop();
    return {
      ...{ audits, kills, cutOff, atKard: made.length },
      resolved: statuses.filter((status) => status === "CLOSED").length,
      published: ids.filter((id) => named(bodies()).has(id)).length,
      delivered: ids.filter((id) => named(webhooks()).has(id)).length,
      publishedAgain: bodies().length - named(bodies()).size,
      deliveredAgain: webhooks().length - named(webhooks()).size,
      seconds: Math.round((Date.now() - startedAt) / 1_000),
    };
  } finally {
    progress.stop();
    await receiver.stop();
    await rm(cwd, { recursive: true, force: true });
  }
}

/** The error of a consumer whose queue was killed. */
async function taken(resolutions: ReturnType<typeof consumeResolutions>): Promise<string[]> {
  await resolutions.stop().catch(() => undefined);
  return resolutions.received.map(({ body }) => body);
}

async function statusOf({ ApiUrl, ApiKey, OrganizationId }: LocalOutputs, id: string): Promise<string> {
  const headers = { authorization: `Bearer ${ApiKey}` };
  const { body } = await request(`${ApiUrl}/v2/issuers/${OrganizationId}/audits/${id}`, { headers });
  return ((await body.json()) as { data: { attributes: { status: string } } }).data.attributes.status;
}
