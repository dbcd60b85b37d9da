import { describe, expect, test } from "@jest/globals";
import { auditVerdict } from "../../../infra/commands/release/audit-verdict.ts";
import { releaseBlocker } from "../../../infra/commands/release/release-blocker.ts";

const report = (severities: Record<string, string>) =>
  JSON.stringify({
    auditReportVersion: 2,
    vulnerabilities: Object.fromEntries(
      Object.entries(severities).map(([name, severity]) => [name, { name, severity, isDirect: false, via: [] }]),
    ),
    metadata: {},
  });

describe("the output of npm audit", () => {
  test.each([
    ["no findings", {}],
    ["findings below high severity", { undici: "moderate", zod: "low", jose: "info" }],
  ])("passes with %s", (_, severities) => {
    expect(auditVerdict(report(severities))).toEqual({ outcome: "passed" });
  });

  test("names packages of high and critical severity", () => {
    const packages = ["undici (high)", "jose (critical)"];
    expect(auditVerdict(report({ undici: "high", zod: "moderate", jose: "critical" }))).toEqual({
      outcome: "vulnerable",
      packages,
    });
  });

  // As npm 11 prints them.
  const refused = { message: "405 Method Not Allowed - POST https://r.example/-/npm/v1/security", statusCode: 405 };
  const unreachable = { message: "request failed, reason: ECONNREFUSED", error: { summary: "", detail: "" } };
  const noLock = { error: { code: "ENOLOCK", summary: "This command requires an existing lockfile.", detail: "" } };
  test.each([
    ["a registry without audits", JSON.stringify(refused), refused.message],
    ["an unreachable registry", JSON.stringify(unreachable), unreachable.message],
    ["no lock", JSON.stringify(noLock), noLock.error.summary],
    ["nothing", "", "no report"],
    ["a report of another version", '{"auditReportVersion":3,"vulnerabilities":{}}', "no report"],
  ])("is unknown with %s", (_, printed, reason) => {
    expect(auditVerdict(printed)).toEqual({ outcome: "unknown", reason });
  });
});

describe("a release", () => {
  const passed = { outcome: "passed" } as const;
  const vulnerable = { outcome: "vulnerable", packages: ["undici (high)"] } as const;
  const unknown = { outcome: "unknown", reason: "405 Method Not Allowed" } as const;

  test("needs a clean commit and an audit", () => {
    expect(releaseBlocker("", passed, false)).toBeUndefined();
  });

  test("is refused with uncommitted changes, whatever the options", () => {
    for (const verdict of [passed, unknown])
      expect(releaseBlocker("?? new.ts\n", verdict, true)).toMatch(/changes.*\n.*new\.ts/);
  });

  test("is refused with findings, even with --without-audit", () => {
    for (const without of [false, true]) expect(releaseBlocker("", vulnerable, without)).toContain("undici (high)");
  });

  test("without an audit needs --without-audit", () => {
    expect(releaseBlocker("", unknown, false)).toMatch(/405 Method Not Allowed.*--without-audit/s);
    expect(releaseBlocker("", unknown, true)).toBeUndefined();
  });
});
