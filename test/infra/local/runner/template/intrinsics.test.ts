import { describe, expect, test } from "@jest/globals";
import { noValue, resolveIntrinsics, type Scope } from "../../../../../infra/local/runner/template/intrinsics.ts";

const scope: Scope = {
  ref: (name) => (name === "AWS::NoValue" ? noValue : `ref-${name}`),
  attribute: (id, attribute) => `${id}.${attribute}`,
  condition: (name) => name === "Yes",
};

describe("resolveIntrinsics", () => {
  test.each([
    ["a plain value", { A: [1, "two", true, null] }, { A: [1, "two", true, null] }],
    ["Ref", { Ref: "Queue" }, "ref-Queue"],
    ["Fn::GetAtt", { "Fn::GetAtt": ["Queue", "Arn"] }, "Queue.Arn"],
    ["Fn::GetAtt in its short form", { "Fn::GetAtt": "Queue.Arn" }, "Queue.Arn"],
    ["Fn::Join", { "Fn::Join": ["-", ["a", { Ref: "B" }, 3]] }, "a-ref-B-3"],
    ["Fn::Select of Fn::Split", { "Fn::Select": ["1", { "Fn::Split": [":", "a:b:c"] }] }, "b"],
    [
      "Fn::Sub",
      { "Fn::Sub": `\${A}/\${B.Arn}/\${!Literal}/\${AWS::Region}` },
      `ref-A/B.Arn/\${Literal}/ref-AWS::Region`,
    ],
    ["Fn::Sub with variables", { "Fn::Sub": [`\${V}-\${W}`, { V: { Ref: "X" } }] }, "ref-X-ref-W"],
    ["Fn::If", { A: { "Fn::If": ["No", 1, { Ref: "B" }] } }, { A: "ref-B" }],
    ["AWS::NoValue", { A: { Ref: "AWS::NoValue" }, B: [{ Ref: "AWS::NoValue" }, 1] }, { B: [1] }],
    [
      "the condition functions",
      { "Fn::And": [{ Condition: "Yes" }, { "Fn::Not": [{ "Fn::Or": [{ "Fn::Equals": ["a", "b"] }] }] }] },
      true,
    ],
  ])("resolves %s", (_, value, expected) => {
    expect(resolveIntrinsics(value, scope)).toEqual(expected);
  });

  test.each([
    ["an import", { "Fn::ImportValue": "x" }, "Fn::ImportValue is not modelled"],
    ["a mapping", { A: { "Fn::FindInMap": ["a", "b", "c"] } }, "Fn::FindInMap is not modelled"],
    ["a dynamic reference", "{{resolve:ssm:/x}}", "dynamic references are not modelled"],
    ["an element that does not exist", { "Fn::Select": [2, ["a"]] }, "no element 2"],
  ])("refuses %s", (_, value, message) => {
    expect(() => resolveIntrinsics(value, scope)).toThrow(message);
  });
});
