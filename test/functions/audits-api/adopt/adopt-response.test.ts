import { expect, test } from "@jest/globals";
import type { AdoptionResult } from "../../../../functions/audits-api/adopt/adopt-audits.ts";
import { adoptResponse } from "../../../../functions/audits-api/adopt/adopt-response.ts";
import { openAudit, pendingAdoption } from "../../../support/sample-audits.ts";

const adopted: AdoptionResult = { result: "adopted", audit: openAudit() };
const tracked: AdoptionResult = { result: "already-tracked", audit: openAudit() };
const pending: AdoptionResult = { result: "pending", adoption: pendingAdoption() };
const unknown: AdoptionResult = { result: "unknown" };
const notStored: AdoptionResult = { result: "not-stored" };

test.each<[AdoptionResult[], number]>([
  [[adopted, tracked], 201],
  [[adopted, pending], 202],
  [[pending], 202],
  [[pending, unknown], 207],
  [[adopted, notStored], 207],
  [[unknown, unknown], 404],
  [[notStored], 503],
  [[unknown, notStored], 207],
])("%j gives %i", (results, statusCode) => {
  expect(adoptResponse(results).statusCode).toBe(statusCode);
});

test("a pending adoption is in the place of its audit", () => {
  expect(adoptResponse([pending, adopted]).body).toMatchObject({
    data: [
      {
        type: "adoption",
        id: "kard-1",
        attributes: {
          organizationId: "org",
          kardAuditId: "kard-1",
          status: "PENDING",
          createdAt: "2026-03-14T12:00:00.000Z",
          nextAttemptAt: "2026-03-14T12:00:00.000Z",
          givenUpAt: "2026-03-21T12:00:00.000Z",
        },
        relationships: { user: { data: { type: "user", id: "user-1" } } },
      },
      { type: "audit", id: openAudit().auditId },
    ],
  });
});

test("errors point to the caller's positions", () => {
  expect(adoptResponse([pending, unknown, notStored]).body).toMatchObject({
    errors: [
      { status: "404", source: { pointer: "/data/1/attributes/kardAuditId" } },
      { status: "503", source: { pointer: "/data/2/attributes/kardAuditId" } },
    ],
  });
});
