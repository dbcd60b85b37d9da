import { randomUUID } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import * as z from "zod";
import { documentedActions } from "../../support/privacy-page.ts";
import { idsIn } from "../support/issuer.ts";
import { leaks } from "../support/secrets/canaries.ts";
import { startWithUsers } from "../support/secrets/personal-audits.ts";
import { adoptionRow, auditRow } from "../support/stored-rows.ts";
import { until } from "../support/until.ts";

const product = await startWithUsers();
const { folder, rows, users, usersProgram, of, canaries, personal, file, issuer, stranger, anna, bert, well, off } =
  product;
const { kard, stack, pathOf, closeAtKard, statusesOf, closeAndTell, setEnabled } = product;
const { hers, hersOfLegacy, his, namesakes, hisBefore, adoptedByHer, notificationOfHers } = product;

const exportOf = z.object({
  audits: z.array(z.looseObject({ auditId: z.string(), notifications: z.array(z.looseObject({})) })),
  notificationsOfForgottenAudits: z.array(z.unknown()),
  pendingAdoptions: z.array(z.unknown()),
});

test("an export has all data of the user and no other", async () => {
  const { code, stdout, stderr } = await usersProgram("export", ...of(issuer, anna));
  expect({ code, stderr }).toEqual({
    code: 0,
    stderr: `2 audits of user ${anna}, 1 of them open; 2 notifications, 1 of them not delivered yet\n`,
  });
  const { audits, notificationsOfForgottenAudits } = exportOf.parse(JSON.parse(stdout));
  expect(notificationsOfForgottenAudits).toEqual([]);
  expect(audits.map(({ auditId }) => auditId)).toEqual([hersOfLegacy.id, hers.id]);
  expect(audits[1]).toMatchObject({
    userId: anna,
    request: { transactionId: hers.transactionId },
    status: "CLOSED",
    settledAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
    events: { e1: { body: well.received.find(({ body }) => body.includes(hers.id))?.body } },
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(audits[1]?.notifications.map(({ status }) => status).sort()).toEqual(["delivered", "held"]);
  for (const other of [bert, his.id, his.transactionId, namesakes.id, namesakes.transactionId]) {
    expect(stdout).not.toContain(other);
  }
});

test("an export file has mode 600, and overwrites no file", async () => {
  const output = join(folder, "bert.json");
  expect(await users("export", ...of(issuer, bert), "--output", output)).toMatchObject({ code: 0, stdout: "" });
  expect(statSync(output).mode & 0o777).toBe(0o600);
  const text = readFileSync(output, "utf8");
  expect(exportOf.parse(JSON.parse(text)).audits).toMatchObject([{ auditId: his.id }]);
  const again = await users("export", ...of(issuer, anna), "--output", output);
  expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("exists: choose another file") });
  expect(readFileSync(output, "utf8")).toBe(text);
});

test("open audits are listed and not erased; nothing is erased without --yes", async () => {
  const before = await rows.get(auditRow(issuer.organizationId, hers.id));
  for (const args of [[], ["--yes"], ["--dry-run"]]) {
    const refused = await users("erase", ...of(issuer, anna), ...args);
    expect(refused).toMatchObject({ code: args[0] === "--dry-run" ? 0 : 1, stdout: "" });
    const named = `not settled: ${hersOfLegacy.id} (NEW). `;
    expect(refused.stderr.split("\n")[1]).toContain(named);
  }
  await closeAndTell(hersOfLegacy);
  expect(await issuer.call("GET", pathOf("notifications", notificationOfHers))).toMatchObject({ status: 200 });
  for (const [args, code] of [
    [[], 2],
    [["--dry-run"], 0],
    [["--dry-run", "--yes"], 0],
  ] as const) {
    const told = await users("erase", ...of(issuer, anna), ...args);
    expect(told).toMatchObject({ code, stdout: "" });
    expect(told.stderr).toMatch(/^2 audits of user .*, 0 of them open; 4 notifications, 2 of them not delivered yet$/m);
    expect(told.stderr.includes("add --yes")).toBe(code === 2);
  }
  expect(await rows.get(auditRow(issuer.organizationId, hers.id))).toMatchObject({ request: before.request });
  expect(await statusesOf(hers.id)).toEqual(["delivered", "held"]);
});

test("a pending adoption is exported", async () => {
  kard.configure({ failNext: [{ route: "status", kind: "status5xx" }] });
  const data = [{ type: "audit", attributes: { kardAuditId: adoptedByHer } }];
  expect(await issuer.call("POST", pathOf("users", anna, "audits", "adopt"), { body: { data } })).toMatchObject({
    status: 202,
  });
  const { stdout, stderr } = await users("export", ...of(issuer, anna));
  expect(stderr).toMatch(/; 1 pending adoptions$/m);
  expect(exportOf.parse(JSON.parse(stdout)).pendingAdoptions).toMatchObject([
    { userId: anna, kardAuditId: adoptedByHer },
  ]);
});

test("erased data is a 404, other data is unchanged, and a second run is harmless", async () => {
  stack.clearCalls();
  const erased = await users("erase", ...of(issuer, anna), "--yes");
  // Two audits, the rows of their Kard ids, four notifications, and a pending adoption.
  expect(erased).toMatchObject({ code: 0, stdout: "", stderr: expect.stringMatching(/^9 rows erased$/m) });
  expect(await rows.get(adoptionRow(issuer.organizationId, adoptedByHer))).toEqual({});
  const used = stack.usage().filter(({ caller, service }) => caller === "operator" && service === "dynamodb");
  expect([...new Set(used.map(({ action }) => action))].sort()).toEqual([...documentedActions].sort());

  const asked = async (method: "GET" | "POST", ...parts: string[]) => {
    const { status, json } = await issuer.call(method, pathOf(...parts));
    return { status, json };
  };
  for (const id of [hers.id, hersOfLegacy.id]) {
    expect(await asked("GET", "audits", id)).toEqual(await asked("GET", "audits", randomUUID()));
    expect(await asked("GET", "audits", id)).toMatchObject({ status: 404 });
    expect(await asked("POST", "audits", id, "refresh")).toMatchObject({ status: 404 });
    expect(await issuer.call("GET", `/transactions/audit/${id}`)).toMatchObject({ status: 404 });
  }
  expect(await asked("GET", "notifications", notificationOfHers)).toMatchObject({ status: 404 });
  expect(await asked("POST", "notifications", notificationOfHers, "replay")).toMatchObject({ status: 404 });
  const list = await issuer.call("GET", pathOf("audits"));
  expect(idsIn(list)).toEqual([his.id]);

  expect(await issuer.audit(his.id)).toEqual(hisBefore);
  expect(await stranger.audit(namesakes.id)).toMatchObject({ attributes: { status: "NEW" } });
  const again = await users("erase", ...of(issuer, anna), "--yes");
  expect(again).toMatchObject({ code: 0, stderr: expect.stringMatching(/^0 rows erased$/m) });

  await setEnabled(true);
  await until("the other user's held webhook arrives", () => off.received.length > 0);
  await stack.tick();
  expect(off.received.map(({ body }) => body.includes(his.id))).toEqual([true]);
});

test("an erased open audit is no longer tracked, and its end is not published", async () => {
  const carla = personal("user carla");
  const open = await file(issuer, carla);
  const heard = well.received.length;
  expect(await users("erase", ...of(issuer, carla), "--include-open")).toMatchObject({ code: 2 });
  expect(await users("erase", ...of(issuer, carla), "--include-open", "--yes")).toMatchObject({ code: 0 });
  closeAtKard(open.transactionId);
  const askedBefore = stack.logs.length;
  await stack.tick();
  expect(stack.logs.length).toBeGreaterThan(askedBefore);
  expect(await issuer.call("GET", pathOf("audits", open.id))).toMatchObject({ status: 404 });
  expect(well.received).toHaveLength(heard);
});

test("the functions' logs contain no personal data", async () => {
  expect(canaries.length).toBeGreaterThan(15);
  const logs = stack.logs.map(({ line, functionName }) => ({ where: functionName, text: line }));
  for (const name of ["AuditsApi", "DeliverWebhooks", "SweepOutbox"]) {
    expect(logs.filter(({ where }) => where.includes(name)).length).toBeGreaterThan(0);
  }
  expect(leaks(canaries, logs)).toEqual([]);
  const told = [{ where: "an event", text: well.received.map(({ body }) => body).join() }];
  expect(leaks(canaries, told)).toEqual(expect.arrayContaining(["user anna in an event", "mailbox in an event"]));
});

test.each<[what: string, args: string[], reason: RegExp]>([
  ["nothing", [], /^the command: must be export or erase/],
  ["no issuer", ["export", "--user", "u"], /^--organization: is missing/],
  ["no user", ["erase", "--organization", "o", "--yes"], /^--user: is missing/],
  ["an empty user", ["export", "--organization", "o", "--user", ""], /^--user: must not be empty/],
  [
    "an option of the other command",
    ["export", "--organization", "o", "--user", "u", "--yes"],
    /^export has no option yes/,
  ],
  ["an extra argument", ["erase", "all"], /^unexpected argument all/],
])("with %s it does nothing and prints the reason in one line", async (_, args, reason) => {
  const refused = await users(...args);
  expect(refused).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(reason) });
  expect(refused.stderr.trim().split("\n")).toHaveLength(1);
});
