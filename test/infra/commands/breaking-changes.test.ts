import { describe, expect, test } from "@jest/globals";
import { breakingChanges, fieldsOf, type PublishedFields } from "../../../infra/commands/contract/breaking-changes.ts";
import { currentFields, publishedFields } from "../../../infra/commands/contract/contract-files.ts";

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
