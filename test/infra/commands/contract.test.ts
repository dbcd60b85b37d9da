import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import asyncApi from "@asyncapi/specs";
import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { eventName, webhookEventType } from "../../../functions/core/events/events.ts";
import { contractFiles, contractFolder } from "../../../infra/commands/contract/contract-files.ts";
import { publishedEvents } from "../../../infra/commands/contract/published-events.ts";
import { filesIn, read, taken } from "./published-contract.ts";

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
