import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, jest, test } from "@jest/globals";
import { apiKeyStatus, parseApiKey } from "../../../functions/core/access/api-key.ts";
import { runKeys } from "../../../infra/commands/keys/run-keys.ts";
import { runUsers } from "../../../infra/commands/users/run-users.ts";
import { startLocalSandbox } from "../../../infra/local/local-kard.ts";
import { type LocalTracker, startLocalTracker } from "../../../infra/local/local-tracker.ts";
import { synthesize } from "../../../infra/local/synthesize.ts";
import { copySharedAssembly } from "../support/grants/shared-assembly.ts";
import { apiKeysOf, auditFields, type Issuer, idsIn, issuerOf, issuerWith } from "../support/issuer.ts";
import { consumeResolutions, type Resolutions } from "../support/resolutions.ts";
import { tableRecovery } from "../support/restore-table.ts";
import { newDirectory } from "../support/runner.ts";
import { until } from "../support/until.ts";

// Rehearses docs/disaster-recovery.md: a new table with the rows of an earlier time is put into service and reconciled.
const organizationId = "organization-123";
const path = `/v2/issuers/${organizationId}`;
const folder = newDirectory();
const outputsFile = join(folder, "outputs.json");
const kard = await startLocalSandbox({ dataDir: undefined, organizationId, progress: null });
const running: LocalTracker[] = [];
afterAll(async () => {
  for (const tracker of running) await tracker.stop();
  await kard.sandbox?.stop();
});

/** Deploys the stack, and writes its outputs for the commands of operators. */
async function deploy(existingTable?: string): Promise<LocalTracker> {
  const tracker = await startLocalTracker({
    ...{ kard, organizationId, port: 0, dataDir: join(folder, "data"), tickSeconds: 0.5, push: false },
    ...(existingTable === undefined ? { synthesize: copySharedAssembly } : { synthesize, context: { existingTable } }),
  });
  running.push(tracker);
  // A busy machine may not start a function within the timeout of a request.
  await until("the API answers", async () => (await fetch(`${tracker.outputs.ApiUrl}/health`)).ok, 240_000);
  writeFileSync(outputsFile, JSON.stringify(tracker.outputs));
  return tracker;
}

async function stop(tracker: LocalTracker): Promise<void> {
  running.splice(running.indexOf(tracker), 1);
  await tracker.stop();
  expect(tracker.stack.violations).toEqual([]);
}

// The commands report what they did.
for (const stream of ["log", "error"] as const) jest.spyOn(console, stream).mockImplementation(() => {});
const revoke = async (keyId: string) =>
  expect(await runKeys(["revoke", keyId, "--outputs", outputsFile], "keys")).toBe(0);
const erase = async (userId: string) => {
  const ofUser = ["--organization", organizationId, "--user", userId, "--outputs", outputsFile];
  expect(await runUsers(["erase", ...ofUser, "--yes"], "users")).toBe(0);
};

const issuerAt = ({ outputs }: LocalTracker) => issuerWith(outputs.ApiUrl, organizationId, outputs.ApiKey);
const statusOf = async (issuer: Issuer, id: string) => (await issuer.call("GET", `${path}/audits/${id}`)).status;

async function filed(issuer: Issuer, userId = "user-1"): Promise<{ id: string; kardAuditId: string }> {
  const [id = ""] = idsIn(await issuer.create([auditFields()], { userId }));
  const { attributes } = await issuer.audit(id);
  return { id, kardAuditId: String(attributes.kardAuditId) };
}

/** Closes an audit at Kard, and returns the ids of the events that polling then publishes. */
async function close(
  { id, kardAuditId }: { id: string; kardAuditId: string },
  issuer: Issuer,
  resolutions: Resolutions,
) {
  kard.sandbox?.closeAudit(kardAuditId);
  const events = await published(id, resolutions);
  await until("the publication is recorded", async () => {
    const { timeline } = (await issuer.audit(id)).attributes;
    return timeline.some(({ what }) => what === "published");
  });
  return events;
}

const eventsOf = (id: string, { received }: Resolutions) =>
  received.filter(({ body }) => body.includes(id)).map(({ body }) => (JSON.parse(body) as { id: string }).id);
const published = (id: string, resolutions: Resolutions) =>
  until(`${id} is published`, () => eventsOf(id, resolutions).length > 0 && eventsOf(id, resolutions));

test("a restored table is put into service and reconciled with what happened since", async () => {
  const old = await deploy();
  const before = issuerAt(old);
  const resolutions = consumeResolutions(old.outputs);
  const [ofErased, closedBefore, closedSince] = [
    await filed(before, "user-erased"),
    await filed(before),
    await filed(before),
  ];
  const leaked = (await issuerOf(old.outputs, { organizations: [organizationId] })).apiKey;
  const keyId = parseApiKey(leaked)?.keyId ?? "";
  for (const audit of [ofErased, closedBefore]) await close(audit, before, resolutions);
  const recovery = tableRecovery(old.outputs);
  const rows = await recovery.copy();

  // Since then: a resolution, an audit, a revoked key, an erased user. Then the table is damaged.
  const publishedSince = await close(closedSince, before, resolutions);
  const filedSince = await filed(before);
  await revoke(keyId);
  await erase("user-erased");
  expect(await statusOf(before, ofErased.id)).toBe(404);
  await recovery.restore(rows, "restored");
  await resolutions.stop();
  await stop(old);

  const restored = await deploy("restored");
  expect(restored.outputs.TableName).toBe("restored");
  const issuer = issuerAt(restored);
  const again = consumeResolutions(restored.outputs);

  // Keys revoked since work again, and erased users are back.
  const stored = await apiKeysOf(restored.outputs).get(keyId);
  expect(stored && apiKeyStatus(stored, Date.now())).toBe("active");
  await revoke(keyId);
  const withLeaked = issuerWith(restored.outputs.ApiUrl, organizationId, leaked);
  expect((await withLeaked.call("GET", `${path}/audits`)).status).toBe(401);
  expect(await statusOf(issuer, ofErased.id)).toBe(200);
  await erase("user-erased");
  expect(await statusOf(issuer, ofErased.id)).toBe(404);

  // Audits filed since are unknown until they are adopted.
  expect(await statusOf(issuer, filedSince.id)).toBe(404);
  const data = [{ type: "audit", attributes: { kardAuditId: filedSince.kardAuditId } }];
  const adopted = await issuer.call("POST", `${path}/users/user-1/audits/adopt`, { body: { data } });
  expect(adopted.status).toBe(201);
  const [adoptedId = ""] = idsIn(adopted);
  await close({ ...filedSince, id: adoptedId }, issuer, again);

  // What Kard has closed since is published again, with the same event ids. What was published before T is not.
  expect(new Set(await published(closedSince.id, again))).toEqual(new Set(publishedSince));
  for (const { id } of [closedBefore, ofErased]) expect(eventsOf(id, again)).toEqual([]);
  await again.stop();
  await stop(restored);
}, 300_000);
