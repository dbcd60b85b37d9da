import { beforeAll, expect, test } from "@jest/globals";
import * as z from "zod";
import { auditFields, type Issuer, idsIn } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";

const { newIssuer, kard, auditsAtKard } = await startProduct({ tickSeconds: never, push: false });
const issuer = await newIssuer();
const other = await newIssuer();

const page = z.object({
  data: z.array(
    z.looseObject({ id: z.string(), attributes: z.looseObject({ status: z.string(), createdAt: z.string() }) }),
  ),
  links: z.object({ next: z.string().optional() }),
});

/** The path of a list of this issuer's audits. */
const listOf = ({ organizationId }: Issuer, query: Record<string, string> = {}) =>
  `/v2/issuers/${organizationId}/audits?${new URLSearchParams(query)}`;

async function read(path: string, by: Issuer = issuer) {
  const { status, json } = await by.call("GET", path);
  expect(status).toBe(200);
  return page.parse(json);
}

/** Reads all pages of a list. */
async function readAll(query: Record<string, string>) {
  const found: z.infer<typeof page>["data"] = [];
  for (let path: string | undefined = listOf(issuer, query); path !== undefined; ) {
    const { data, links } = await read(path);
    found.push(...data);
    path = links.next;
  }
  return found;
}

const sorted = (ids: readonly string[]) => ids.toSorted();
const ids = (found: readonly { id: string }[]) => found.map(({ id }) => id);

const ofFirstUser: string[] = [];
const ofSecondUser: string[] = [];
let startedId = "";
let closedId = "";
let refusedId = "";
let between = "";

beforeAll(async () => {
  const requests = () => Array.from({ length: 9 }, () => auditFields());
  ofFirstUser.push(...idsIn(await issuer.create(requests(), { userId: "first" })));
  const marked = await issuer.create([
    auditFields({ transactionId: "started", reference: "CASE-1" }),
    auditFields({ transactionId: "closed" }),
  ]);
  [startedId = "", closedId = ""] = idsIn(marked);
  kard.startAudit(auditsAtKard("started")[0]?.id ?? "");
  kard.closeAudit(auditsAtKard("closed")[0]?.id ?? "", { resolutionCode: 5004 });
  for (const id of [startedId, closedId]) {
    await issuer.call("POST", `/v2/issuers/${issuer.organizationId}/audits/${id}/refresh`);
  }
  between = new Date().toISOString();
  await issuer.create([auditFields({ transactionId: "refuse-400" })]);
  ofSecondUser.push(...idsIn(await issuer.create(requests(), { userId: "second" })));
  [refusedId = ""] = ids(await readAll({ "filter[status]": "REJECTED" }));
  await other.create([auditFields({ transactionId: "started" })]);
});

test("the pages contain every audit once, newest first", async () => {
  const found = await readAll({ "page[size]": "4" });
  expect(sorted(ids(found))).toEqual(sorted([...ofFirstUser, ...ofSecondUser, startedId, closedId, refusedId]));
  const times = found.map(({ attributes }) => attributes.createdAt);
  expect(times).toEqual(times.toSorted().reverse());
});

test("a page has the requested size; the last has no next link", async () => {
  const first = await read(listOf(issuer, { "page[size]": "15" }));
  expect(first.data).toHaveLength(15);
  const last = await read(first.links.next ?? "");
  expect(last.data).toHaveLength(6);
  expect(last.links.next).toBeUndefined();
});

test.each([
  ["filter[userId]", "first", () => ofFirstUser],
  ["filter[userId]", "nobody", () => []],
  ["filter[status]", "IN_PROGRESS", () => [startedId]],
  ["filter[status]", "CLOSED", () => [closedId]],
  ["filter[status]", "SUBMITTING", () => []],
  ["filter[transactionId]", "started", () => [startedId]],
  ["filter[transactionId]", "start", () => []],
  ["filter[status]", "IN_PROGRESS,CLOSED", () => [startedId, closedId]],
  ["filter[submission]", "unsent", () => []],
  ["filter[resolutionCode]", "5004,9001", () => [closedId]],
  ["filter[reference]", "CASE-1", () => [startedId]],
  ["filter[reference]", "CASE-1,CASE-2", () => [startedId]],
  ["filter[transactionId]", "closed,started,none", () => [startedId, closedId]],
  ["filter[userId]", "second,first", () => [...ofFirstUser, ...ofSecondUser]],
  ["filter[merchantName]", "Nobody,Coffee\\, Inc.", () => []],
  ["filter[kardAuditId]", () => auditsAtKard("closed")[0]?.id ?? "", () => [closedId]],
  ["filter[settledAfter]", "2020-01-01", () => [closedId, refusedId]],
  ["filter[overdue]", "true", () => []],
] as const)("%s=%s", async (name, given, expected) => {
  const value = typeof given === "string" ? given : given();
  expect(sorted(ids(await readAll({ [name]: value, "page[size]": "4" })))).toEqual(sorted(expected()));
});

test("filter[after] and filter[before] split the list", async () => {
  const later = await readAll({ "filter[after]": between });
  expect(sorted(ids(later))).toEqual(sorted([...ofSecondUser, refusedId]));
  const earlier = await readAll({ "filter[before]": between });
  expect(sorted(ids(earlier))).toEqual(sorted([...ofFirstUser, startedId, closedId]));
});

test("a list can begin with the oldest, or go by settlement", async () => {
  const times = (found: readonly { attributes: { createdAt: string } }[]) =>
    found.map(({ attributes }) => attributes.createdAt);
  const oldestFirst = times(await readAll({ sort: "createdAt", "page[size]": "4" }));
  expect(oldestFirst).toHaveLength(21);
  expect(oldestFirst).toEqual(oldestFirst.toSorted());
  expect(ids(await readAll({ sort: "settledAt", "page[size]": "1" }))).toEqual([closedId, refusedId]);
  expect(ids(await readAll({ sort: "-settledAt" }))).toEqual([refusedId, closedId]);
});

test("filters combine, over all pages", async () => {
  const query = { "filter[userId]": "second", "filter[status]": "NEW", "filter[after]": between, "page[size]": "2" };
  expect(sorted(ids(await readAll(query)))).toEqual(sorted(ofSecondUser));
});

test.each([
  ["filter[status]", "OPEN"],
  ["filter[after]", "yesterday"],
  ["filter[before]", "2026-02-31"],
  ["filter[userId]", ""],
  ["filter[merchantName]", "Coffee, Inc."],
  ["filter[transactionId]", "a\\b"],
  ["page[size]", "0"],
  ["page[size]", "201"],
  ["page[size]", "many"],
  ["page[after]", "nonsense"],
  ["page[after]", ""],
  ["page[after]", Buffer.from('["x"]').toString("base64url")],
  ["page[number]", "2"],
  ["filter[state]", "NEW"],
  ["sort", "status"],
  ["filter[overdue]", "yes"],
  ["filter[auditCode]", "3006,"],
])("%s=%s is refused with its name", async (parameter, value) => {
  expect(await issuer.call("GET", listOf(issuer, { [parameter]: value }))).toMatchObject({
    status: 400,
    json: { errors: [{ source: { parameter } }] },
  });
});

test("accepts times with an offset, with + encoded or not, and dates", async () => {
  const inHours = (hours: number) => new Date(Date.parse(between) + hours * 3_600_000).toISOString().slice(0, -1);
  const later = sorted([...ofSecondUser, refusedId]);
  for (const time of [`${inHours(2)}%2B02:00`, `${inHours(2)}+02:00`, `${inHours(2)}+0200`, `${inHours(-3)}-03`]) {
    const { data } = await read(`/v2/issuers/${issuer.organizationId}/audits?filter[after]=${time}&page[size]=200`);
    expect({ time, ids: sorted(ids(data)) }).toEqual({ time, ids: later });
  }
  const tomorrow = new Date(Date.parse(between) + 24 * 3_600_000).toISOString().slice(0, 10);
  expect(ids(await readAll({ "filter[after]": tomorrow }))).toEqual([]);
  expect(ids(await readAll({ "filter[before]": tomorrow }))).toHaveLength(21);
});

test("a page token works only for the caller's own list", async () => {
  const { links } = await read(listOf(issuer, { "page[size]": "2" }));
  const token = new URLSearchParams(links.next?.split("?")[1]).get("page[after]") ?? "";
  const [own = ""] = ids((await read(listOf(other), other)).data);
  const forged = Buffer.from(JSON.stringify([Date.now() + 60_000, "anything"])).toString("base64url");
  expect(ids((await read(listOf(other, { "page[after]": forged }), other)).data)).toEqual([own]);
  for (const { id } of (await read(listOf(other, { "page[after]": token }), other)).data) expect(id).toBe(own);
  const beyond = { "page[after]": token, "filter[after]": new Date(Date.now() + 60_000).toISOString() };
  expect(await read(listOf(issuer, beyond))).toEqual({ data: [], links: {} });
});
