import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { request } from "undici";
import { auditFields, type Issuer, idsIn, issuerWith } from "../support/issuer.ts";
import { consumeResolutions } from "../support/resolutions.ts";
import { newDirectory, type Runner, run, startRunner } from "../support/runner.ts";
import { until } from "../support/until.ts";

// Rehearses docs/disaster-recovery.md: the table returns to an earlier time, everything else stays.
const cwd = newDirectory();
const [table, backup] = [join(cwd, "data/dynamodb"), join(cwd, "backup")];
const start = () => startRunner(["--port", "0", "--data", "data", "--tick", "0.5"], cwd);
const issuerAt = ({ outputs }: Runner) => issuerWith(outputs.ApiUrl, outputs.OrganizationId, outputs.ApiKey);

async function stop(runner: Runner): Promise<void> {
  runner.kill("SIGTERM");
  expect(await runner.ended).toMatchObject({ code: 0 });
}

async function atSandbox({ outputs }: Runner, method: "POST" | "PUT", path: string, body: object): Promise<void> {
  const response = await request(`${outputs.KardUrl}${path}`, { method, body: JSON.stringify(body) });
  expect(response.statusCode).toBeLessThan(300);
  await response.body.dump();
}

async function keys(...args: string[]): Promise<string> {
  const ended = await run("keys", args, cwd).ended;
  expect(ended).toMatchObject({ code: 0 });
  return ended.stdout.trim();
}

async function filed(issuer: Issuer): Promise<{ id: string; kardAuditId: string }> {
  const [id = ""] = idsIn(await issuer.create([auditFields()]));
  const { attributes } = await issuer.audit(id);
  return { id, kardAuditId: String(attributes.kardAuditId) };
}

const close = (runner: Runner, { kardAuditId }: { kardAuditId: string }) =>
  atSandbox(runner, "POST", `/admin/audits/${kardAuditId}/close`, { resolutionCode: 5004 });

test("a table restored to an earlier time is reconciled with later events", async () => {
  const first = await start();
  await atSandbox(first, "PUT", "/admin/settings", {
    autoProgress: { startAfterMs: 3_600_000, closeAfterMs: 3_600_000 },
  });
  const [closedBefore, closedSince] = [await filed(issuerAt(first)), await filed(issuerAt(first))];
  const leaked = await keys("create", "--organization", first.outputs.OrganizationId);
  const resolutions = consumeResolutions(first.outputs);
  const eventsOf = ({ id }: { id: string }) => resolutions.received.filter(({ body }) => body.includes(id));
  await close(first, closedBefore);
  await until("it is published", () => eventsOf(closedBefore).length === 1);
  await resolutions.stop();
  await stop(first);
  cpSync(table, backup, { recursive: true });

  const second = await start();
  const since = consumeResolutions(second.outputs);
  await close(second, closedSince);
  const filedSince = await filed(issuerAt(second));
  await keys("revoke", leaked.slice(4, 16));
  const publishedSince = () => since.received.filter(({ body }) => body.includes(closedSince.id));
  await until("it is published", () => publishedSince().length === 1);
  await since.stop();
  await stop(second);
  rmSync(table, { recursive: true });
  cpSync(backup, table, { recursive: true });

  const third = await start();
  const issuer = issuerAt(third);
  const again = consumeResolutions(third.outputs);
  // Polling finds audits that Kard has closed since, and publishes them again with the same event ids.
  await until("it is published again", () => again.received.some(({ body }) => body.includes(closedSince.id)));
  const idOf = ({ body }: { body: string }) => (JSON.parse(body) as { id: string }).id;
  expect(again.received.filter(({ body }) => body.includes(closedSince.id)).map(idOf)).toEqual(
    publishedSince().map(idOf),
  );
  expect(again.received.filter(({ body }) => body.includes(closedBefore.id))).toEqual([]);

  // Audits filed since are unknown until they are adopted.
  const path = `/v2/issuers/${third.outputs.OrganizationId}`;
  expect(await issuer.call("GET", `${path}/audits/${filedSince.id}`)).toMatchObject({ status: 404 });
  const data = [{ type: "audit", attributes: { kardAuditId: filedSince.kardAuditId } }];
  const adopted = await issuer.call("POST", `${path}/users/user-1/audits/adopt`, { body: { data } });
  expect(adopted.status).toBe(201);
  await close(third, filedSince);
  await until("it is published", () => again.received.some(({ body }) => body.includes(idsIn(adopted)[0] ?? "-")));

  // Keys revoked since work again until they are revoked again.
  const withLeaked = issuerWith(third.outputs.ApiUrl, third.outputs.OrganizationId, leaked);
  expect((await withLeaked.call("GET", `${path}/audits`)).status).toBe(200);
  await keys("revoke", leaked.slice(4, 16));
  await again.stop();
  await stop(third);
  const fourth = await start();
  const status = (
    await issuerWith(fourth.outputs.ApiUrl, fourth.outputs.OrganizationId, leaked).call("GET", `${path}/audits`)
  ).status;
  expect(status).toBe(401);
  await stop(fourth);
}, 600_000);
