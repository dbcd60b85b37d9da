import { expect, test } from "@jest/globals";
import { synthesize } from "../../../infra/local/synthesize.ts";
import { never, startProduct } from "../support/product.ts";

const { newIssuer } = await startProduct({
  tickSeconds: never,
  push: false,
  synthesize,
  context: { webhookTargets: "public" },
});

test.each([
  ["http://127.0.0.1:9000/", 400],
  ["http://localhost/", 400],
  ["http://[::1]/", 400],
  ["https://127.0.0.1:9000/", 400],
  ["https://127.0.0.1/", 400],
  ["https://10.0.0.1/", 400],
  ["https://metadata.google.internal/", 400],
  ["https://example.com/webhooks", 201],
])("by the deployed rule, a webhook URL %s gets %i", async (webhookUrl, status) => {
  const issuer = await newIssuer();
  const data = [{ type: "subscription", attributes: { webhookUrl } }];
  const response = await issuer.call("POST", `/v2/issuers/${issuer.organizationId}/subscriptions`, { body: { data } });
  expect(response.status).toBe(status);
  if (status === 400) {
    expect(response.json).toMatchObject({ errors: [{ source: { pointer: "/data/0/attributes/webhookUrl" } }] });
  }
});
