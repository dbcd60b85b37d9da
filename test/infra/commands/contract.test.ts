import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import asyncApi from "@asyncapi/specs";
import type { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { ownerQueue } from "../../../functions/adapters/owner-targets/owner-queue.ts";
import { changeAudit } from "../../../functions/core/audits/change-audit.ts";
import { eventName, webhookEventType } from "../../../functions/core/events/events.ts";
import { signatureHeaders } from "../../../functions/core/notifications/webhook-signature.ts";
import { ownerEventOf } from "../../../functions/core/publishing/send-to-owner.ts";
import { breakingChanges, fieldsOf, type PublishedFields } from "../../../infra/commands/contract/breaking-changes.ts";
import {
  contractFiles,
  contractFolder,
  currentFields,
  publishedFields,
} from "../../../infra/commands/contract/contract-files.ts";
import { publishedEvents } from "../../../infra/commands/contract/published-events.ts";
import { publishedShapes } from "../../../infra/commands/contract/published-shapes.ts";
import { noon } from "../../support/fake-clock.ts";
import { openAudit, submittingAudit } from "../../support/sample-audits.ts";

const read = (file: string) => JSON.parse(readFileSync(join(contractFolder, file), "utf8"));
const filesIn = (folder: string) => readdirSync(join(contractFolder, folder)).map((file) => join(folder, file));

const ajv = formats.default(new Ajv2020({ allErrors: true }));
const published = new Map(
  [...publishedShapes.keys()].map((name) => [name, ajv.compile(read(`${name}.schema.json`))] as const),
);

/** Validates an event by the published JSON Schema and by its zod schema. Both must agree. */
function taken(event: unknown): { byJsonSchema: boolean; byZod: boolean } {
  const { type } = event as { type: string };
  return {
    byJsonSchema: published.get(type)?.(event) ?? false,
    byZod: publishedEvents.get(type)?.schema.safeParse(event).success ?? false,
  };
}

describe("the committed contract", () => {
  test("is up to date: run `npm run contract`", () => {
    const committed = filesIn(".").filter((file) => file.endsWith(".json"));
    const generated = contractFiles();
    expect(committed.toSorted()).toEqual([...generated.keys()].toSorted());
    for (const [name, content] of generated) {
      expect({ name, content: readFileSync(join(contractFolder, name), "utf8") }).toEqual({ name, content });
    }
  });

  test("has a schema and an example of every event", () => {
    expect([...publishedEvents.keys()]).toEqual(expect.arrayContaining(eventName.options));
    const examples = filesIn("examples/valid");
    for (const name of publishedEvents.keys()) expect(examples).toContain(`examples/valid/${name}.json`);
  });

  test("is a valid AsyncAPI 3.0.0 document", () => {
    const schema: object = asyncApi.schemasWithoutId["3.0.0"];
    const validate = formats.default(new Ajv({ strict: false, allErrors: true })).compile(schema);
    validate(read("asyncapi.json"));
    expect(validate.errors).toBeNull();
  });

  test("has no dangling references in its AsyncAPI document", () => {
    const document = read("asyncapi.json");
    const targets = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path = ""]) => path);
    expect(targets).not.toEqual([]);
    for (const path of targets) {
      const target = path.split("/").reduce((part: Record<string, unknown> | undefined, name) => {
        return part?.[name] as Record<string, unknown> | undefined;
      }, document);
      expect({ path, target }).toEqual({ path, target: expect.any(Object) });
    }
  });
});

describe("the AsyncAPI document", () => {
  const { channels, components } = read("asyncapi.json");
  const ajvOfDocument = formats.default(new Ajv({ strict: false }));
  ajvOfDocument.addSchema({ $id: "document", components });

  /** What a channel's message says of an event's payload. */
  const validates = (channel: string, name: string, payload: unknown) => {
    const { $ref } = channels[channel].messages[name];
    return ajvOfDocument.validate({ $ref: `document${$ref}/payload` }, payload);
  };

  test.each(eventName.options)("the topic and the bus have %s, as it is sent", (name) => {
    const event = read(`examples/valid/${name}.json`);
    expect(validates("eventTopic", name, event)).toBe(true);
    const entry = { source: "kard-audit-tracker", "detail-type": name, detail: event };
    expect(validates("eventBus", name, entry)).toBe(true);
    expect(validates("eventBus", name, { ...entry, "detail-type": "other" })).toBe(false);
    expect(validates("eventBus", name, { ...entry, detail: {} })).toBe(false);
  });

  test("contacts have exactly the events about webhooks", () => {
    expect(Object.keys(channels.contacts.messages).toSorted()).toEqual(webhookEventType.options.toSorted());
  });
});

describe("golden examples", () => {
  test.each(filesIn("examples/valid"))("%s is valid", (file) => {
    expect(taken(read(file))).toEqual({ byJsonSchema: true, byZod: true });
  });

  test.each(filesIn("examples/invalid").map((file) => [basename(file, ".json"), read(file).wrong, file]))(
    "%s is invalid: %s",
    (_name, _wrong, file) => {
      expect(taken(read(file).event)).toEqual({ byJsonSchema: false, byZod: false });
    },
  );
});

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

describe("compatibility", () => {
  test("no published field was removed or changed", () => {
    expect(breakingChanges(publishedFields(), currentFields())).toEqual([]);
  });

  const field = (changes: object = {}) => ({
    type: "object",
    properties: { status: { type: "string", enum: ["NEW", "CLOSED"], description: "Where it stands.", ...changes } },
    required: ["status"],
  });
  const before: PublishedFields = { event: fieldsOf({ properties: { data: field() }, required: ["data"] }) };
  const later = (data: object): PublishedFields => ({ event: fieldsOf({ properties: { data }, required: ["data"] }) });

  test.each([
    ["an added field", { ...field(), properties: { ...field().properties, more: { type: "string" } } }],
    ["an added value", field({ enum: ["NEW", "CLOSED", "LOST"] })],
  ])("%s breaks nothing", (_, data) => {
    expect(breakingChanges(before, later(data))).toEqual([]);
  });

  test.each([
    ["a removed field", { ...field(), properties: {} }, "event: data.status was removed"],
    ["another type", field({ type: ["string", "null"] }), "event: data.status was string and is string | null"],
    ["a removed value", field({ enum: ["NEW"] }), 'event: data.status lost the value "CLOSED"'],
    ["any value", field({ enum: undefined }), 'event: data.status lost the value "NEW"'],
    ["a format", field({ format: "uri" }), "event: data.status had the format undefined and has uri"],
    ["an optional field", { ...field(), required: [] }, "event: data.status was required and is optional"],
    [
      "another meaning",
      field({ description: "Where it goes." }),
      'event: data.status meant "Where it stands." and means "Where it goes."',
    ],
  ])("%s is a breaking change", (_, data, sentence) => {
    expect(breakingChanges(before, later(data))).toContain(sentence);
  });

  test("a removed shape is a breaking change", () => {
    expect(breakingChanges(before, {})).toEqual(["event was removed"]);
  });
});
