import { expect, test } from "@jest/globals";
import { legacyAudit, legacyErrorBody } from "../../../../functions/audits-api/legacy/legacy-audit.ts";
import { errorObject } from "../../../../functions/platform/http-error.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aRequest, openAudit, submittingAudit } from "../../../support/sample-audits.ts";

const resolution = {
  resolutionCode: 5004,
  resolutionDescription: "done",
  resolutionTimeStamp: "2026-03-14T12:30:00.000Z",
};

test("an audit has Kard's legacy fields, null if unknown, except the e-mail, which is empty", () => {
  expect(legacyAudit(openAudit())).toEqual({
    _id: openAudit().auditId,
    ...aRequest,
    preferredContactEmail: "",
    status: "NEW",
    transactionAmountInCents: null,
    referringPartnerUserId: "user-1",
    merchantId: null,
    submitterName: null,
  });
});

test.each([
  ["SUBMITTING", "NEW"],
  ["NEW", "NEW"],
  ["IN_PROGRESS", "IN_PROGRESS"],
  ["CLOSED", "CLOSED"],
  ["REJECTED", "CLOSED"],
] as const)("%s shows as %s", (status, legacy) => {
  expect(legacyAudit(submittingAudit({ status })).status).toBe(legacy);
});

test("the caller's values are shown unchanged", () => {
  const request = {
    ...aRequest,
    preferredContactEmail: "a@b.example",
    transactionAmountInCents: 0,
    referringPartnerUserId: "u",
  };
  expect(legacyAudit(openAudit({ request }))).toMatchObject({
    preferredContactEmail: "a@b.example",
    transactionAmountInCents: 0,
    referringPartnerUserId: "u",
  });
});

test("a closed audit has Kard's resolution unchanged", () => {
  expect(legacyAudit(openAudit({ status: "CLOSED", resolution }))).toMatchObject(resolution);
});

test("a refused audit is CLOSED without a code, with Kard's reasons", () => {
  const errors = [errorObject(400, "no such transaction"), errorObject(400, "no such user")];
  const refused = openAudit({
    status: "REJECTED",
    refusal: { status: 400, errors: errors.map(({ status, title, detail }) => ({ status, title, detail })) },
    settledAt: noon,
  });
  expect(legacyAudit(refused)).toMatchObject({
    status: "CLOSED",
    resolutionCode: null,
    resolutionDescription: "Refused by Kard: no such transaction; no such user",
    resolutionTimeStamp: "2026-03-14T12:00:00.000Z",
  });
});

test("400 is a list of texts, each with its field", () => {
  const errors = [
    errorObject(400, "must be a string", { pointer: "/merchantName" }),
    errorObject(400, "is unknown", { pointer: "/data/0/attributes/auditCode" }),
    errorObject(400, "is wrong"),
  ];
  expect(legacyErrorBody(400, errors)).toEqual({
    errors: ["merchantName: must be a string", "auditCode: is unknown", "is wrong"],
  });
});

test("401 is Kard's legacy message, others a string", () => {
  expect(legacyErrorBody(401, [errorObject(401, "who are you")])).toEqual({ message: "Unauthorized" });
  expect(legacyErrorBody(404, [errorObject(404, "there is no such audit")])).toBe("there is no such audit");
});

test("a conflict names the existing audit", () => {
  const error = { ...errorObject(409, "it exists already"), meta: { existingAuditId: "a" } };
  expect(legacyErrorBody(409, [error])).toBe("it exists already (audit a)");
});
