import { describe, expect, test } from "@jest/globals";
import type { LocalStack } from "../../../../infra/local/runner/local-stack-type.ts";
import { call, dynamodb, item, synthesizeCallers } from "./support/aws-caller.ts";
import { operator, run } from "./support/running-stack.ts";

const assemblyDir = synthesizeCallers();

describe("faults", () => {
  const put = (TableName: string | undefined) => [dynamodb("PutItem", { TableName, Item: item() })];
  const exists = async (stack: LocalStack) => {
    const input = { TableName: stack.outputs.TableName, Key: item() };
    return "Item" in ((await operator(stack, "DynamoDB_20120810.GetItem", input)) as object);
  };

  test.each([
    ["before", "InternalServerError", false],
    ["throttle", "ProvisionedThroughputExceededException", false],
    ["after", "TypeError", true],
  ] as const)("%s answers %s; the effect: %s", async (kind, error, effect) => {
    const stack = await run(assemblyDir);
    const hits = stack.faults.add({ function: "Trusted", service: "dynamodb", action: "PutItem", kind });
    expect(await call(stack, "Trusted", put(stack.outputs.TableName))).toMatchObject([{ error }]);
    expect(await exists(stack)).toBe(effect);
    expect(hits()).toBe(1);
  });

  test.each([
    ["crash-before", false],
    ["crash-after", true],
  ] as const)("%s kills the worker; the effect: %s", async (kind, effect) => {
    const stack = await run(assemblyDir);
    stack.faults.add({ kind });
    expect(await stack.invoke("Trusted", put(stack.outputs.TableName))).toMatchObject({
      errorType: "Runtime.ExitError",
    });
    expect(await exists(stack)).toBe(effect);
    expect(await stack.invoke("Trusted", put(stack.outputs.TableName))).toMatchObject({ status: "succeeded" });
  });

  test("hits the nth matching call, a number of times", async () => {
    const stack = await run(assemblyDir);
    const { TableName } = stack.outputs;
    stack.faults.add({ kind: "before", nth: 2, times: 2, matches: ({ Item }) => JSON.stringify(Item).includes("a") });
    const other = dynamodb("PutItem", { TableName, Item: { pk: { S: "b" } } });
    const responses = await call(stack, "Trusted", [
      ...put(TableName),
      other,
      ...put(TableName),
      ...put(TableName),
      ...put(TableName),
    ]);
    expect(responses.map(({ error }) => error !== undefined)).toEqual([false, false, true, true, false]);
  });
});
