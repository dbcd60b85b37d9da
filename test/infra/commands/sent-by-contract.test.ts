import type { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "@jest/globals";
import { ownerQueue } from "../../../functions/adapters/owner-targets/owner-queue.ts";
import { changeAudit } from "../../../functions/core/audits/change-audit.ts";
import { signatureHeaders } from "../../../functions/core/notifications/webhook-signature.ts";
import { ownerEventOf } from "../../../functions/core/publishing/send-to-owner.ts";
import { noon } from "../../support/fake-clock.ts";
import { openAudit, submittingAudit } from "../../support/sample-audits.ts";
import { published, taken } from "./published-contract.ts";

describe("what is sent matches the contract", () => {
  const refusal = { status: 400, errors: [] };
  const resolution = { resolutionCode: 5004, resolutionDescription: null, resolutionTimeStamp: null };
  const closed = changeAudit(openAudit(), "close", { resolution }, noon);

  test.each([
    ["audit.rejected", changeAudit(submittingAudit(), "reject", { refusal }, noon)],
    ["audit.in_progress", changeAudit(openAudit(), "start", {}, noon)],
    ["audit.due_soon", changeAudit(openAudit({ dueAt: noon + 1 }), "dueSoon", {}, noon)],
    ["audit.overdue", changeAudit(openAudit(), "overdue", {}, noon)],
    ["audit.closed", closed],
  ])("%s", (type, audit) => {
    const event = JSON.parse(audit?.events.e1?.body ?? "null");
    expect(event).toMatchObject({ type });
    expect(taken(event)).toEqual({ byJsonSchema: true, byZod: true });
  });

  test("the headers of a webhook", () => {
    const signed = signatureHeaders(["whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"], { id: "evt_1", body: "{}" }, noon);
    expect(published.get("webhook-headers")?.({ ...signed, "content-type": "application/json" })).toBe(true);
  });

  test.each([5004, null])("the attributes of a queue message with the resolution code %s", async (code) => {
    const audit = changeAudit(openAudit(), "close", { resolution: { ...resolution, resolutionCode: code } }, noon);
    const sent: Record<string, string | undefined>[] = [];
    const send = async ({ input }: SendMessageBatchCommand) => {
      const [{ MessageAttributes: attributes = {} } = {}] = input.Entries ?? [];
      sent.push(Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, value.StringValue])));
      return {};
    };
    const event = audit?.events.e1;
    if (audit === undefined || event === undefined) throw new Error("the audit was not closed");
    await ownerQueue({ send } as unknown as SQSClient, "https://queue.example").send(ownerEventOf(audit, event));
    expect(sent).toHaveLength(1);
    expect(published.get("resolution-attributes")?.(sent[0])).toBe(true);
    expect(published.get("event-attributes")?.(sent[0])).toBe(true);
  });
});
