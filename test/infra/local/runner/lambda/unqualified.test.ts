import { expect, test } from "@jest/globals";
import { unqualified } from "../../../../../infra/local/runner/lambda/lambda-function.ts";

const arn = "arn:aws:lambda:us-east-1:000000000000:function:Local-Worker";

test.each([
  [arn, arn],
  [`${arn}:live`, arn],
  [`${arn}:1`, arn],
  [`${arn}:$LATEST`, arn],
  ["Local-Worker", "Local-Worker"],
  ["Local-Worker:live", "Local-Worker"],
])("%s is of the function %s", (target, fn) => {
  expect(unqualified(target)).toBe(fn);
});
