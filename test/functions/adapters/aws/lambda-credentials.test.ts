import { afterEach, expect, test } from "@jest/globals";
import { defaultProvider } from "../../../../functions/adapters/aws/lambda-credentials.ts";

const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});

test("the credentials are those that Lambda passes", async () => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: "token" });
  expect(await defaultProvider()()).toEqual({ accessKeyId: "id", secretAccessKey: "secret", sessionToken: "token" });
});

test("without credentials, a call fails and says why", async () => {
  delete process.env.AWS_ACCESS_KEY_ID;
  await expect(defaultProvider()()).rejects.toThrow("no credentials of AWS");
});
