import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "@jest/globals";
import * as z from "zod";
import { runKeys } from "../../../infra/commands/keys/run-keys.ts";
import type { Ended } from "../support/cli/command-line.ts";
import { runInProcess } from "../support/cli/run-in-process.ts";
import { apiKeysOf, issuerWith } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";

const { outputs, stack } = await startProduct({ tickSeconds: never, push: false });
const folder = mkdtempSync(join(tmpdir(), "keys-"));
const file = join(folder, "outputs.json");
// In the format of `cdk deploy --outputs-file`: by stack.
writeFileSync(file, JSON.stringify({ "KardAuditTracker-local": outputs }));
afterAll(() => rmSync(folder, { recursive: true }));

const program = join(import.meta.dirname, "../../../infra/commands/keys/main.ts");

/** Runs `npm run keys` with some arguments. */
function run(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["--disable-warning=ExperimentalWarning", program, ...args], (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === "number" ? error.code : 0, stdout, stderr }),
    );
  });
}
const keys = (...args: string[]) => runInProcess(() => runKeys([...args, "--outputs", file], "npm run keys --"));

async function create(...args: string[]) {
  const made = await keys("create", ...args);
  expect(made).toMatchObject({ code: 0, stderr: "" });
  const text = made.stdout.trim();
  expect(text).toMatch(/^kat_[a-z2-7]{12}_[a-z2-7]{32}[0-9a-f]{8}$/);
  return { text, keyId: text.slice(4, 16) };
}

const shownKey = z.looseObject({ keyId: z.string(), standing: z.string() });
const list = async (...args: string[]) =>
  z.array(shownKey).parse(JSON.parse((await keys("list", "--json", ...args)).stdout));
const audits = async (organizationId: string, text: string) =>
  (await issuerWith(outputs.ApiUrl, organizationId, text).call("GET", `/v2/issuers/${organizationId}/audits`)).status;

test("the program prints a new key on standard output only", async () => {
  const made = await run("create", "--organization", "new-bank", "--outputs", file);
  expect(made).toMatchObject({ code: 0, stderr: "" });
  expect(await audits("new-bank", made.stdout.trim())).toBe(200);
});

test("a new key works for its issuers within its scopes", async () => {
  const { text } = await create("--organization", "new-bank", "--organization", "sister", "--scope", "audit:read");
  expect(await audits("new-bank", text)).toBe(200);
  expect(await audits("sister", text)).toBe(200);
  expect(await audits("organization-123", text)).toBe(404);
  const issuer = issuerWith(outputs.ApiUrl, "new-bank", text);
  expect(await issuer.call("GET", "/v2/issuers/new-bank/subscriptions")).toMatchObject({ status: 403 });
});

test("stored and listed keys do not contain their secrets", async () => {
  const { text, keyId } = await create("--organization", "quiet", "--days", "30", "--description", "nightly batch");
  const secret = text.slice(17, 49);
  const stored = await apiKeysOf(outputs).get(keyId);
  expect(stored?.secretHash).toMatch(/^[0-9a-f]{64}$/);
  expect(JSON.stringify(stored)).not.toContain(secret);
  const [shown] = await list("--organization", "quiet");
  expect(shown).toEqual({
    keyId,
    organizations: ["quiet"],
    scopes: ["audit:read", "audit:write", "notifications:read", "notifications:write"],
    description: "nightly batch",
    standing: "active",
    createdAt: new Date(stored?.createdAt ?? 0).toISOString(),
    validUntil: new Date((stored?.createdAt ?? 0) + 30 * 86_400_000).toISOString(),
  });
  const { stdout: table } = await keys("list");
  expect(table).toMatch(new RegExp(`${keyId}.*active.*quiet.*never.*nightly batch`));
  expect(table).not.toContain(stored?.secretHash);
});

test("the day of a key's use is shown, at the cost of one write per day", async () => {
  const { text, keyId } = await create("--organization", "counted");
  stack.clearCalls();
  const before = new Date().toISOString().slice(0, 10);
  for (let i = 0; i < 5; i++) expect(await audits("counted", text)).toBe(200);
  const after = new Date().toISOString().slice(0, 10);
  const ofFunctions = stack.usage().filter(({ caller, service }) => caller === "function" && service === "dynamodb");
  const calls = (action: string) => ofFunctions.filter((use) => use.action === action).map((use) => use.calls);
  expect({ reads: calls("GetItem"), writes: calls("UpdateItem") }).toEqual({ reads: [1], writes: [1] });
  const [shown] = await list("--organization", "counted");
  expect(shown).toMatchObject({ keyId });
  expect([before, after]).toContain(shown?.lastUsedOn);
});

describe("a rotated key", () => {
  test("works for one more day, next to a new key with the same permissions", async () => {
    const old = await create("--organization", "turning", "--scope", "audit:read", "--days", "10");
    const begun = Date.now();
    const { code, stdout, stderr } = await keys("rotate", old.keyId);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(`^${old.keyId} works until `) });
    expect(await audits("turning", old.text)).toBe(200);
    expect(await audits("turning", stdout.trim())).toBe(200);
    const [former, latter] = [
      await apiKeysOf(outputs).get(old.keyId),
      await apiKeysOf(outputs).get(stdout.slice(4, 16)),
    ];
    expect(former?.validUntil).toBeGreaterThanOrEqual(begun + 86_400_000);
    expect(former?.validUntil).toBeLessThanOrEqual(Date.now() + 86_400_000);
    expect(latter).toMatchObject({ organizations: ["turning"], scopes: ["audit:read"], rotatedFrom: old.keyId });
    expect((latter?.validUntil ?? 0) - (latter?.createdAt ?? 0)).toBe(10 * 86_400_000);
  });

  test("is revoked at once without an overlap", async () => {
    const old = await create("--organization", "leaky");
    const { code, stdout, stderr } = await keys("rotate", old.text, "--overlap", "0");
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(`^${old.keyId} is revoked`) });
    expect(await audits("leaky", old.text)).toBe(401);
    expect(await audits("leaky", stdout.trim())).toBe(200);
  });

  test("keeps its expiry", async () => {
    const old = await create("--organization", "short", "--days", "0.5");
    const { validUntil } = (await apiKeysOf(outputs).get(old.keyId)) ?? {};
    expect(await keys("rotate", old.keyId)).toMatchObject({ code: 0 });
    expect(await apiKeysOf(outputs).get(old.keyId)).toMatchObject({ validUntil });
  });
});

test("a revoked key is refused, stays in the list, and cannot be rotated", async () => {
  const { text, keyId } = await create("--organization", "gone");
  expect(await keys("revoke", keyId)).toMatchObject({ code: 0, stdout: "" });
  expect(await audits("gone", text)).toBe(401);
  const [shown] = await list("--organization", "gone");
  expect(shown).toMatchObject({ keyId, standing: "revoked", revokedAt: expect.any(String) });
  const revokedAt = String(shown?.revokedAt).slice(0, 16).replace("T", " ");
  expect((await keys("list")).stdout).toMatch(new RegExp(`${keyId}.*revoked.*gone.*${revokedAt}`));
  expect(await keys("rotate", keyId)).toMatchObject({ code: 1, stderr: `${keyId} is revoked: create a new key\n` });
  expect(await keys("revoke", keyId)).toMatchObject({ code: 0 });
});

test.each<[what: string, args: string[], reason: RegExp]>([
  ["nothing", [], /^the command: must be create, list, rotate or revoke/],
  ["an unknown command", ["make"], /^the command: must be create/],
  ["no issuer", ["create"], /^--organization: is missing/],
  ["an empty issuer", ["create", "--organization", ""], /^--organization: must not be empty/],
  [
    "an unknown scope",
    ["create", "--organization", "a", "--scope", "audit:delete"],
    /^--scope: must be one of audit:read, /,
  ],
  ["zero days", ["create", "--organization", "a", "--days", "0"], /^--days: must be more than 0/],
  ["an unknown option", ["create", "--organisation", "a"], /^Unknown option '--organisation'/],
  ["an option of another command", ["revoke", "aaaaaaaaaaaa", "--overlap", "0"], /^revoke has no option overlap/],
  ["no key", ["rotate"], /^KEY: is missing/],
  ["a malformed key", ["rotate", "kat"], /^KEY: is not a key or a key id/],
  ["a negative overlap", ["rotate", "aaaaaaaaaaaa", "--overlap=-1"], /^--overlap: must not be negative/],
  ["rotating a missing key", ["rotate", "aaaaaaaaaaaa"], /^there is no key aaaaaaaaaaaa/],
  ["revoking a missing key", ["revoke", "aaaaaaaaaaaa"], /^there is no key aaaaaaaaaaaa/],
  ["two keys", ["revoke", "aaaaaaaaaaaa", "bbbbbbbbbbbb"], /^unexpected argument bbbbbbbbbbbb/],
])("with %s it does nothing and prints the reason in one line", async (_, args, reason) => {
  const refused = await keys(...args);
  expect(refused).toEqual({ code: 1, stdout: "", stderr: expect.stringMatching(reason) });
  expect(refused.stderr.trim().split("\n")).toHaveLength(1);
});

test("without outputs it says how to create them; --help prints the usage", async () => {
  expect(await run("list", "--outputs", join(folder, "none.json"))).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^.* is missing or not JSON/),
  });
  expect(await run("--help")).toMatchObject({ code: 0, stdout: expect.stringContaining("npm run keys -- rotate KEY") });
});
