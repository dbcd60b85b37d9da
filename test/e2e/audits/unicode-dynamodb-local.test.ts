import { test } from "@jest/globals";
import { hasJava } from "../../support/dynamodb/dynamodb-local.ts";
import { testAnyText } from "../support/any-text.ts";
import { startProduct } from "../support/product.ts";

if (hasJava() || process.env.CI !== undefined) {
  // Affects only this file: Jest gives each file a copy of the environment.
  process.env.KAT_DYNAMODB = "local";
  testAnyText(await startProduct());
} else {
  test.todo("on DynamoDB Local: there is no Java here");
}
