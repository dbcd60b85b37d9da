import { expect, test } from "@jest/globals";
import { readDynamoDbEmulator } from "../../../infra/local/dynamodb-emulator.ts";

test("dynalite is the default emulator of DynamoDB", () => {
  expect(readDynamoDbEmulator(undefined)).toBe("dynalite");
  expect(readDynamoDbEmulator("local")).toBe("local");
});

test("an unknown emulator is refused", () => {
  expect(() => readDynamoDbEmulator("remote")).toThrow("KAT_DYNAMODB must be dynalite or local, not remote");
});
