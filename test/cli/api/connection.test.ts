import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { findConnection, givenOutputs, isUnencrypted } from "../../../cli/api/connection.ts";

const folder = mkdtempSync(join(tmpdir(), "connection-"));
const before = process.cwd();
const local = { ApiUrl: "http://127.0.0.1:4000", ApiKey: "kat_local", OrganizationId: "organization-123" };
const deployed = join(folder, "outputs.json");
beforeAll(() => {
  mkdirSync(join(folder, ".local"));
  writeFileSync(join(folder, ".local/outputs.json"), JSON.stringify(local));
  writeFileSync(deployed, JSON.stringify({ "KardAuditTracker-prod": { ApiUrl: "https://api.example/" } }));
  writeFileSync(join(folder, "two.json"), JSON.stringify({ one: local, other: local }));
  process.chdir(folder);
});
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

const given = { KARD_AUDITS_KEY: "kat_given", KARD_AUDITS_ORGANIZATION: "bank" };

test("without settings it uses the local stack", () => {
  expect(findConnection({}, undefined)).toEqual({
    url: "http://127.0.0.1:4000",
    key: "kat_local",
    organizationId: "organization-123",
  });
});

test("a deployed stack is found by its outputs, and the issuer by the environment", () => {
  expect(findConnection(given, deployed)).toEqual({
    url: "https://api.example",
    key: "kat_given",
    organizationId: "bank",
  });
});

test("the environment alone is enough, and errors name what is missing", () => {
  const KARD_AUDITS_URL = "https://other.example/";
  expect(findConnection({ ...given, KARD_AUDITS_URL }, undefined)).toMatchObject({ url: "https://other.example" });
  const usage = (message: string) =>
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) });
  expect(() => findConnection({}, deployed)).toThrow(usage("set KARD_AUDITS_KEY, KARD_AUDITS_ORGANIZATION"));
  expect(() => findConnection({}, join(folder, "two.json"))).toThrow(usage("outputs of exactly one tracker"));
  expect(() => findConnection({}, join(folder, "none.json"))).toThrow(usage("is missing"));
});

test("a key in a file is not sent to another tracker", () => {
  expect(() => findConnection({ KARD_AUDITS_URL: "https://other.example" }, ".local/outputs.json")).toThrow(
    "set KARD_AUDITS_KEY, KARD_AUDITS_ORGANIZATION",
  );
});

test.each([
  [given, "set KARD_AUDITS_URL, or name the tracker with --outputs FILE"],
  [{ KARD_AUDITS_KEY: "kat_given" }, "set KARD_AUDITS_URL, KARD_AUDITS_ORGANIZATION, or name the tracker"],
  [{ KARD_AUDITS_ORGANIZATION: "bank" }, "set KARD_AUDITS_URL, KARD_AUDITS_KEY, or name the tracker"],
  [{ KARD_AUDITS_URL: "https://other.example" }, "set KARD_AUDITS_KEY, KARD_AUDITS_ORGANIZATION"],
])("with %j the file of the current folder is not used", (settings, message) => {
  expect(() => findConnection(settings, undefined)).toThrow(
    expect.objectContaining({ exitCode: 2, message: expect.stringContaining(message) }),
  );
  expect(givenOutputs(settings, undefined)).toBeUndefined();
});

test("with settings, --outputs can name the local stack", () => {
  expect(findConnection(given, ".local/outputs.json")).toEqual({
    url: "http://127.0.0.1:4000",
    key: "kat_given",
    organizationId: "bank",
  });
});

test.each(["kat_SECRET\nnext", "kat_SECRET\r", "kat SECRET", "kat_SECRÉT"])(
  "the key %j, which no header can have, is refused without showing it",
  (key) => {
    const connect = () => findConnection({ ...given, KARD_AUDITS_KEY: key }, deployed);
    expect(connect).toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining("KARD_AUDITS_KEY") }),
    );
    expect(connect).toThrow(expect.objectContaining({ message: expect.not.stringContaining("SECR") }));
  },
);

test.each([
  ["https://api.example", false],
  ["http://127.0.0.1:4000", false],
  ["http://localhost:4000", false],
  ["http://[::1]:4000", false],
  ["http://api.example", true],
  ["http://127.0.0.1.example", true],
])("a key on its way to %s can be read: %s", (url, expected) => {
  expect(isUnencrypted(url)).toBe(expected);
});
