import { test } from "@jest/globals";
import { hasJava } from "../support/dynamodb-local.ts";
import { testAnyText } from "./support/any-text.ts";
import { startProduct } from "./support/product.ts";

if (hasJava() || process.env.CI !== undefined) {
  // The environment of this file alone: jest gives each file a copy.
  process.env.KAT_DYNAMODB = "local";
  testAnyText(await startProduct());
} else {
  test.todo("on AWS's own DynamoDB Local: there is no java here");
}
