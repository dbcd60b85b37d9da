import { spawnSync } from "node:child_process";
import { expect, test } from "@jest/globals";

/** Filters lines of `cdk diff` as the deploy workflow does. The lines have the format of aws-cdk 2.1148. */
const judge = (...lines: string[]) =>
  spawnSync("bash", [".ci/refuse-replacements"], {
    input: ["Stack KardAuditTracker-prod", "Resources", ...lines].join("\n"),
  }).status;

test.each([
  "[~] AWS::DynamoDB::GlobalTable Default/Table TableCD117FA1 replace",
  "[~] AWS::KMS::Key Default/DataKey DataKey17AFBB84 may be replaced",
  "[-] AWS::SQS::Queue Default/Resolutions Resolutions30ED8358 orphan",
  "[-] AWS::ApiGatewayV2::Api Default/Api ApiF70053CD destroy",
  "\u001b[33m[~]\u001b[39m AWS::DynamoDB::GlobalTable Default/Table TableCD117FA1 \u001b[31mreplace\u001b[39m",
])("a deploy is refused: %s", (line) => {
  expect(judge("[~] AWS::Lambda::Function Default/AuditsApi AuditsApi01234567", line)).toBe(1);
});

test.each(["", "ValidationError: the credentials have expired"])("what is no diff is refused: %j", (line) => {
  expect(judge(line)).toBe(1);
});

test.each([
  "[~] AWS::DynamoDB::GlobalTable Default/Table TableCD117FA1",
  "[-] AWS::Lambda::Function Default/AuditsApi AuditsApi01234567 destroy",
  "[+] AWS::SQS::Queue Default/Another Another01234567",
  "There were no differences",
])("a deploy is allowed: %s", (line) => {
  expect(judge(line)).toBe(0);
});
