import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "@jest/globals";
import { request } from "undici";
import { auditFields, idsIn, issuerWith } from "../support/issuer.ts";
import { consumeResolutions } from "../support/resolutions.ts";
import { newDirectory, type Runner, startRunner } from "../support/runner.ts";
import { until } from "../support/until.ts";
import { startWebhookReceiver } from "../support/webhooks/webhook-receiver.ts";
import { subscribe, verified } from "../support/webhooks/webhooks.ts";

const cwd = newDirectory();
const receiver = await startWebhookReceiver();
afterAll(receiver.stop);

const filings = Array.from({ length: 30 }, (_, number) => ({ key: `filing-${number}`, fields: auditFields() }));
/** Maximum time for an audit whose submission was killed: its lease, then the poller's. */
const patienceMs = 140_000;

const start = () => startRunner(["--port", "0", "--data", "data", "--tick", "0.5"], cwd);
const issuerAt = ({ outputs }: Runner) => issuerWith(outputs.ApiUrl, outputs.OrganizationId, outputs.ApiKey);

async function turn({ outputs }: Runner, settings: object): Promise<void> {
  const response = await request(`${outputs.KardUrl}/admin/settings`, {
    method: "PUT",
    body: JSON.stringify(settings),
  });
  await response.body.dump();
}

/** Files audits without a response, with the same Idempotency-Keys. Returns how many have a response. */
async function fileAll(runner: Runner, answered: Map<string, string>): Promise<void> {
  const issuer = issuerAt(runner);
  for (const { key, fields } of filings) {
    if (answered.has(key)) continue;
    const response = await issuer.create([fields], { headers: { "idempotency-key": key } });
    expect([201, 202]).toContain(response.status);
    answered.set(key, idsIn(response)[0] ?? "");
  }
}

async function killAfter(runner: Runner, ms: number): Promise<void> {
  await sleep(ms);
  runner.kill("SIGKILL");
  expect(await runner.ended).toMatchObject({ signal: "SIGKILL" });
}

test(
  "a kill at any moment and a restart on the same data lose nothing",
  async () => {
    const answered = new Map<string, string>();
    const first = await start();
    const { secret } = await subscribe(issuerAt(first), receiver.url);
    await turn(first, { latencyMs: 20 });
    const cutOff = fileAll(first, answered).catch(() => undefined);
    await killAfter(first, randomInt(50, 1_500));
    await cutOff;

    const second = await start();
    expect(second.outputs.ApiKey).toBe(first.outputs.ApiKey);
    await turn(second, { autoProgress: { startAfterMs: 0, closeAfterMs: 3_600_000 } });
    await fileAll(second, answered);
    await killAfter(second, randomInt(50, 1_500));

    const third = await start();
    const issuer = issuerAt(third);
    const resolutions = consumeResolutions(third.outputs);
    await turn(third, { autoProgress: { startAfterMs: 0, closeAfterMs: 0 } });
    const ids = [...answered.values()];
    expect(new Set(ids).size).toBe(filings.length);
    await until(
      "all are on the queue",
      () => {
        return ids.every((id) => resolutions.received.some(({ body }) => body.includes(id)));
      },
      patienceMs,
    );
    await until(
      "all are at the webhook",
      () => {
        return ids.every((id) => receiver.received.some(({ body }) => body.includes(id)));
      },
      patienceMs,
    );
    for (const id of ids) expect((await issuer.audit(id)).attributes.status).toBe("CLOSED");
    for (const webhook of receiver.received) expect(verified(webhook, secret).type).toBe("audit.closed");
    const atKard = await request(`${third.outputs.KardUrl}/admin/audits`);
    const { audits } = (await atKard.body.json()) as { audits: unknown[] };
    expect(audits).toHaveLength(filings.length);
    await resolutions.stop();
    third.kill("SIGTERM");
    expect(await third.ended).toMatchObject({ code: 0 });
  },
  2 * patienceMs,
);
