import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { pushesAtKard } from "../../support/kard/kard-caller.ts";
import { auditFields, type Issuer } from "../support/issuer.ts";
import { never, startProduct } from "../support/product.ts";
import { newDirectory, run } from "../support/runner.ts";
import { until } from "../support/until.ts";

const { auditsAtKard, kard, newIssuer, outputs } = await startProduct({ tickSeconds: never, push: false });

const outputsFile = join(newDirectory(), "outputs.json");
writeFileSync(outputsFile, JSON.stringify(outputs));

const urlOf = ({ organizationId }: Issuer) => `${outputs.ApiUrl}/kard/${organizationId}/notifications`;

async function subscribe({ organizationId }: Issuer, ...more: string[]) {
  const { stdout, ...ended } = await run("kard:subscribe", [
    ...["--organization", organizationId, "--outputs", outputsFile],
    ...more,
  ]).ended;
  return { ...ended, said: stdout.trim() };
}

async function filed(issuer: Issuer) {
  const fields = auditFields();
  const id = await issuer.file(fields);
  return { id, kardAuditId: auditsAtKard(fields.transactionId)[0]?.id ?? "" };
}

const isClosed = (issuer: Issuer, id: string) => async () => (await issuer.audit(id)).attributes.status === "CLOSED";

test("pushes arrive after the command creates, corrects or keeps the subscription", async () => {
  const issuer = await newIssuer();
  const atKard = pushesAtKard(kard, issuer.organizationId);
  const url = urlOf(issuer);
  expect(await subscribe(issuer)).toMatchObject({ code: 0, stderr: "", said: `Kard now pushes to ${url}` });
  expect(await subscribe(issuer)).toMatchObject({ code: 0, stderr: "", said: `Kard already pushes to ${url}` });
  const [{ id: subscriptionId = "" } = {}] = await atKard.subscriptions();
  await atKard.disable(subscriptionId);
  const said = `Kard's subscription was corrected; it pushes to ${url}`;
  expect(await subscribe(issuer)).toMatchObject({ code: 0, stderr: "", said });
  expect(await atKard.subscriptions()).toMatchObject([
    { id: subscriptionId, attributes: { webhookUrl: url, enabled: true } },
  ]);

  const { id, kardAuditId } = await filed(issuer);
  kard.closeAudit(kardAuditId);
  await until("the push has arrived", isClosed(issuer, id));
});

test("--former changes the URL of an existing subscription", async () => {
  const issuer = await newIssuer();
  const atKard = pushesAtKard(kard, issuer.organizationId);
  const deadUrl = "http://127.0.0.1:9/";
  await atKard.subscribe(deadUrl);
  const said = `Kard's subscription was corrected; it pushes to ${urlOf(issuer)}`;
  expect(await subscribe(issuer, "--former", deadUrl)).toMatchObject({ code: 0, said });
  expect(await atKard.subscriptions()).toHaveLength(1);
  const { id, kardAuditId } = await filed(issuer);
  kard.closeAudit(kardAuditId);
  await until("the push has arrived", isClosed(issuer, id));
});

test.each([
  ["no organization", ["--outputs", outputsFile], /^--organization is missing: see --help\n$/],
  [
    "no such file",
    ["--organization", "org", "--outputs", "nowhere.json"],
    /^nowhere.json is missing or not JSON: .+\n$/,
  ],
  ["an unknown option", ["--organisation", "org"], /^Unknown option '--organisation'\n$/],
])("%s: the error is one line", async (_, args, line) => {
  const { code, stdout, stderr } = await run("kard:subscribe", args).ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(line);
});

test("refused credentials are reported in one line", async () => {
  const issuer = await newIssuer();
  kard.configure({ unauthorized: true });
  const { code, said, stderr } = await subscribe(issuer);
  kard.configure({ unauthorized: false });
  expect({ code, said }).toEqual({ code: 1, said: "" });
  expect(stderr).toBe("Kard refused the subscription: the credentials in the stack's secret are not valid\n");
});
