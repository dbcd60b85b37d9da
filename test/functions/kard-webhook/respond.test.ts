import { createHmac } from "node:crypto";
import { describe, expect, test } from "@jest/globals";
import { respond } from "../../../functions/kard-webhook/respond.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { aRequest, closedAtKard, openAudit } from "../../support/sample-audits.ts";

const route = "POST /kard/{organizationId}/notifications";
const push = {
  data: {
    type: "auditUpdate",
    attributes: { status: "CLOSED", ...aRequest },
    relationships: { user: { data: { id: "user-1" } }, audit: { data: { id: "kard-1" } } },
  },
};

async function start(keys: { now: string[]; afterReread?: string[] }) {
  const world = fakeWorld();
  await world.audits.create(openAudit());
  await world.kardAuditIds.claim("kard-1", openAudit());
  world.kard.audits.set("kard-1", closedAtKard());
  const state = { rereads: 0 };
  const secret = {
    webhookKeysFor: async () => (state.rereads > 0 ? (keys.afterReread ?? keys.now) : keys.now),
    reread: async () => {
      state.rereads++;
    },
  };
  const pushes: string[] = [];
  const limitPushes = (organizationId: string) => (pushes.push(organizationId) > 2 ? 7 : undefined);
  const its = respond({ ...world, secret, limitPushes, onTaken: () => undefined })[route];
  const take = (content: unknown, key: string | undefined) => {
    const bytes = Buffer.from(JSON.stringify(content));
    const signature = key && createHmac("sha256", key).update(bytes).digest("base64");
    const headers = { "content-type": "application/json", "notify-signature": signature };
    const body = { bytes, contentType: "application/json" };
    const request = { requestId: "r", method: "POST", path: "/", urlPath: "/", query: {}, headers, body };
    const caller = { organizations: [], scopes: [] };
    return its.respond({ ...request, parameters: { organizationId: "org" }, caller });
  };
  const stored = () => world.audits.get(openAudit());
  return { take, state, stored, pushes };
}

describe("a signature", () => {
  test.each(["current", "previous"])("by the %s key is accepted, without reading the keys again", async (key) => {
    const { take, state } = await start({ now: ["current", "previous"] });
    expect(await take(push, key)).toMatchObject({ statusCode: 200, body: { result: "checked" } });
    expect(state.rereads).toBe(0);
  });

  test("by a key that was just added to the secret is accepted", async () => {
    const { take, state } = await start({ now: ["old"], afterReread: ["new"] });
    expect(await take(push, "new")).toMatchObject({ statusCode: 200 });
    expect(state.rereads).toBe(1);
  });

  test("by any other key is refused, and a missing one without reading the keys again", async () => {
    const { take, state } = await start({ now: ["old"], afterReread: ["new"] });
    await expect(take(push, "else")).rejects.toMatchObject({ statusCode: 401 });
    await expect(take(push, undefined)).rejects.toMatchObject({ statusCode: 401 });
    expect(state.rereads).toBe(1);
  });
});

const { attributes, relationships } = push.data;
test.each<[string, object]>([
  ["null fields", { attributes: { ...attributes, merchantName: null, auditDescription: null, auditCode: null } }],
  ["fields of other types", { attributes: { ...attributes, merchantName: 7, auditCode: "3006" } }],
  ["no status", { attributes: { ...attributes, status: null } }],
  ["a lower-case status", { attributes: { ...attributes, status: "closed" } }],
  ["no user", { relationships: { audit: relationships.audit } }],
  ["a user that is null", { relationships: { ...relationships, user: null } }],
  ["a user whose data is null", { relationships: { ...relationships, user: { data: null } } }],
  ["a user without an id", { relationships: { ...relationships, user: { data: { id: "" } } } }],
  ["fields that nobody knows", { id: 5, links: [], attributes: { ...attributes, history: [] } }],
])("a push with %s has its audit checked", async (_, changes) => {
  const { take, stored } = await start({ now: ["key"] });
  const content = { data: { ...push.data, ...changes } };
  expect(await take(content, "key")).toMatchObject({ statusCode: 200, body: { result: "checked" } });
  expect(await stored()).toMatchObject({ status: "CLOSED" });
});

test.each<[string, object]>([
  ["an audit", { relationships: { user: relationships.user } }],
  ["the audit's id", { relationships: { audit: { data: { id: null } } } }],
  ["its type", { type: undefined }],
])("a push without %s is refused", async (_, changes) => {
  const { take } = await start({ now: ["key"] });
  await expect(take({ data: { ...push.data, ...changes } }, "key")).rejects.toMatchObject({ statusCode: 400 });
});

test("pushes above an issuer's limit get 429, and only signed ones count", async () => {
  const { take, pushes } = await start({ now: ["current"] });
  for (let n = 0; n < 5; n++) await expect(take(push, "else")).rejects.toMatchObject({ statusCode: 401 });
  expect(pushes).toEqual([]);
  for (let n = 0; n < 2; n++) expect(await take(push, "current")).toMatchObject({ statusCode: 200 });
  await expect(take(push, "current")).rejects.toMatchObject({ statusCode: 429, headers: { "retry-after": "7" } });
  expect(pushes).toEqual(["org", "org", "org"]);
});
