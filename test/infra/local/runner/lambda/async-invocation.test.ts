import { afterEach, beforeEach, expect, jest, test } from "@jest/globals";
import { createAsyncInvocations } from "../../../../../infra/local/runner/lambda/async-invocation.ts";
import type { InvocationOutcome } from "../../../../../infra/local/runner/lambda/lambda-function.ts";
import { resolveStack } from "../../../../../infra/local/runner/template/stack-resources.ts";

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const minute = 60_000;
const throttled: InvocationOutcome = { status: "throttled" };
const failed: InvocationOutcome = { status: "failed", requestId: "r", errorType: "Error", errorMessage: "no" };

/** The times of all attempts within seven hours, in seconds after the first. */
async function attempts(config: object | undefined, outcome: InvocationOutcome): Promise<number[]> {
  const Resources =
    config === undefined
      ? {}
      : {
          Config: {
            Type: "AWS::Lambda::EventInvokeConfig",
            Properties: { FunctionName: "poll", Qualifier: "$LATEST", ...config },
            DependsOn: [],
          },
        };
  const template = { Resources, Outputs: {}, Parameters: {}, Conditions: {} };
  const place = { partition: "aws", region: "r", account: "0", awsEndpoint: "", apiUrl: "" };
  const stack = resolveStack({ stackName: "S", region: "r", assetDirs: new Map(), template }, place);
  const startedAt = Date.now();
  const at: number[] = [];
  const invocations = createAsyncInvocations(stack);
  await invocations.invoke(
    {
      ...{ name: "poll", arn: "arn" },
      invoke: async () => {
        at.push((Date.now() - startedAt) / 1000);
        return outcome;
      },
    },
    {},
  );
  await jest.advanceTimersByTimeAsync(7 * 60 * minute);
  invocations.stop();
  return at;
}

test("a failed event is retried twice", async () => {
  expect(await attempts(undefined, failed)).toEqual([0, 60, 180]);
});

test("a failed event is not retried if retries are off", async () => {
  expect(await attempts({ MaximumRetryAttempts: 0 }, failed)).toEqual([0]);
});

test("a throttled event is retried for up to six hours, even if retries are off", async () => {
  const at = await attempts({ MaximumRetryAttempts: 0 }, throttled);
  expect(at.slice(0, 5)).toEqual([0, 1, 3, 7, 15]);
  expect(at.at(-1)).toBeGreaterThan(5.9 * 3600);
  expect(at.at(-1)).toBeLessThanOrEqual(6 * 3600);
});

test("a throttled event is dropped at its maximum age", async () => {
  const at = await attempts({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 }, throttled);
  expect(at).toEqual([0, 1, 3, 7, 15, 31]);
});
