import { afterEach, describe, expect, test } from "@jest/globals";
import { createKardTokens } from "../../../../functions/adapters/kard/token.ts";
import type { Audit } from "../../../../functions/core/audits/audit.ts";
import { type KardSandboxOptions, startKardSandbox } from "../../../../infra/local/kard-sandbox/kard-sandbox.ts";
import { startCheckedProxy } from "../../../support/kard/kard-checked-proxy.ts";
import { kardClientOf, kardRequest, legacyKardRequest } from "../../../support/kard/kard-client.ts";

const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** The client and the sandbox, with a check against Kard's reference between them. */
async function withSandbox(options: Partial<KardSandboxOptions> = {}) {
  const credential = { clientId: "client", clientSecret: "secret", managesSeveralIssuers: false };
  const sandbox = await startKardSandbox({
    ...{ port: 0, dataFile: ":memory:", webhookKey: "key", ...credential },
    ...options,
  });
  cleanups.push(sandbox.stop);
  const proxy = await startCheckedProxy(sandbox.url);
  cleanups.push(proxy.stop);
  const tokenUrl = `${proxy.url}/v2/auth/token`;
  const secret = { credentialFor: async () => ({ ...credential, tokenUrl }), reread: async () => {} };
  const tokens = createKardTokens({ secret, requestTimeoutMs: 5_000, clock: Date.now });
  return { sandbox, proxy, ...kardClientOf(`${proxy.url}/`, { tokens }) };
}

describe("against the sandbox and Kard's reference", () => {
  test("an audit is created, polled and seen CLOSED", async () => {
    const { kard, sandbox, proxy, calls } = await withSandbox();
    const made = await kard.createAudit("organization-123", "user-123", kardRequest);
    if (made.outcome !== "accepted") throw new Error(made.outcome);
    const { kardAuditId } = made;
    const ask = () => kard.getAudit("organization-123", kardAuditId);
    expect(await ask()).toMatchObject({
      outcome: "known",
      audit: { kardAuditId, status: "NEW", request: kardRequest },
    });
    sandbox.startAudit(kardAuditId);
    expect(await ask()).toMatchObject({ audit: { status: "IN_PROGRESS" } });
    sandbox.closeAudit(kardAuditId, { resolutionCode: 5001, resolutionDescription: "duplicate" });
    const resolution = { resolutionCode: 5001, resolutionDescription: "duplicate" };
    expect(await ask()).toMatchObject({ audit: { status: "CLOSED", resolution } });
    expect(await kard.getAudit("organization-123", "nobody")).toEqual({ outcome: "missing" });
    expect(proxy.violations).toEqual([]);
    expect(sandbox.requests()).toEqual({ token: 1, create: 1, status: 4 });
    expect(calls[0]).toEqual({ route: "create", status: 201, ms: expect.any(Number) });
  });

  test("without a user the legacy create is used, and its fields are returned", async () => {
    const { kard, proxy } = await withSandbox();
    const made = await kard.createAudit("organization-123", undefined, legacyKardRequest);
    if (made.outcome !== "accepted") throw new Error(made.outcome);
    const { issuer: _, ...shown } = legacyKardRequest;
    expect(await kard.getAudit("organization-123", made.kardAuditId)).toMatchObject({ audit: { request: shown } });
    expect(await kard.createAudit("organization-123", undefined, legacyKardRequest)).toEqual({
      outcome: "refused",
      status: 409,
      errors: [{ status: "409", title: "Conflict", detail: "The audit exists already" }],
    });
    expect(proxy.violations).toEqual([]);
  });

  test("v2's create sends only v2's fields", async () => {
    const { kard, proxy } = await withSandbox();
    await kard.createAudit("organization-123", "user-123", legacyKardRequest);
    expect(proxy.violations).toEqual([]);
    expect(JSON.parse(proxy.bodies.at(-1) ?? "")).toEqual({ data: [{ type: "audit", attributes: kardRequest }] });
  });

  test.each(["a/b", "..", ".", "ü #?%", "\ud800", "__proto__"])("the ids %j stay one path segment each", async (id) => {
    const { kard, proxy, sandbox } = await withSandbox();
    expect(await kard.createAudit(id, id, kardRequest)).toMatchObject({ outcome: "accepted" });
    expect(sandbox.audits()).toMatchObject([{ organizationId: id.toWellFormed(), userId: id.toWellFormed() }]);
    expect(await kard.getAudit(id, id)).toEqual({ outcome: "missing" });
    expect(proxy.violations).toEqual([]);
  });

  test("refusals have Kard's own error objects", async () => {
    const { kard } = await withSandbox();
    const made = await kard.createAudit("o", "u", kardRequest);
    if (made.outcome !== "accepted") throw new Error(made.outcome);
    expect(await kard.createAudit("o", "u", kardRequest)).toMatchObject({
      outcome: "refused",
      status: 409,
      errors: [{ status: "409", id: made.kardAuditId }],
    });
    expect(await kard.createAudit("o", "u", { ...kardRequest, transactionId: "refuse-400" })).toMatchObject({
      outcome: "refused",
      status: 400,
      errors: [{ source: { pointer: "/data/0/attributes/transactionId" } }],
    });
    expect(await kard.createAudit("o", "u", { ...kardRequest, transactionId: "refuse-404" })).toMatchObject({
      status: 404,
    });
  });

  test("throttling, outages and lost responses are distinguished", async () => {
    const { kard, sandbox } = await withSandbox();
    const create = () => kard.createAudit("o", "u", kardRequest);
    const ask = () => kard.getAudit("o", "some-audit");
    await ask();
    sandbox.configure({ status429: 1, retryAfterSeconds: 7 });
    expect(await create()).toEqual({ outcome: "throttled", retryAfterMs: 7_000 });
    expect(await ask()).toEqual({ outcome: "throttled", retryAfterMs: 7_000 });
    sandbox.configure({ status429: 0, outage: true });
    expect(await create()).toEqual({ outcome: "unanswered", reason: "server-error" });
    expect(await ask()).toEqual({ outcome: "failed", reason: "server-error" });
    sandbox.configure({ outage: false, dropAfterEffect: 1 });
    expect(await create()).toEqual({ outcome: "unanswered", reason: "connection" });
    expect(sandbox.audits()).toHaveLength(1);
  });

  test("an audit whose response was lost is found by the conflict's id if it is the same", async () => {
    const { kard, sandbox, proxy } = await withSandbox();
    const create = (description: string) =>
      kard.createAudit("o", "u", { ...kardRequest, auditDescription: description });
    await create("another");
    sandbox.configure({ failNext: [{ route: "create", kind: "dropAfterEffect" }] });
    expect(await create("lost")).toEqual({ outcome: "unanswered", reason: "connection" });
    const conflict = await create("lost");
    if (conflict.outcome !== "refused") throw new Error(conflict.outcome);
    const [other, lost] = sandbox.audits();
    const wanted = { organizationId: "o", request: { ...kardRequest, auditDescription: "lost" } };
    const find = (...ids: string[]) =>
      kard.findLostAudit(
        wanted as Audit,
        ids.map((id) => ({ status: "409", title: "Conflict", detail: "", id })),
      );
    expect(await kard.findLostAudit(wanted as Audit, conflict.errors)).toBe(lost?.id);
    expect(await find(String(other?.id), String(lost?.id), "nobody")).toBe(lost?.id);
    expect(await find(String(other?.id))).toBeUndefined();
    expect(await find()).toBeUndefined();
    expect(proxy.violations).toEqual([]);
  });

  test("a token that Kard refuses is replaced, and its replacement not at once", async () => {
    const { kard, sandbox } = await withSandbox();
    await kard.createAudit("o", "u", kardRequest);
    sandbox.revokeTokens();
    expect(await kard.getAudit("o", "nobody")).toEqual({ outcome: "missing" });
    expect(sandbox.requests()).toMatchObject({ token: 2, status: 2 });
    sandbox.configure({ failNext: [{ route: "create", kind: "unauthorized", times: 1 }] });
    expect(await kard.createAudit("o", "u", { ...kardRequest, transactionId: "2" })).toEqual({
      outcome: "unauthorized",
    });
    expect(sandbox.requests()).toMatchObject({ token: 2, create: 2 });
  });
});
