import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { connect } from "../../../cli/api/api.ts";
import { signingSecret } from "../../../functions/adapters/aws/signing-secret.ts";
import { manageSubscription } from "../../../functions/audit-subscription/manage-subscription.ts";
import { respondToCloudFormation } from "../../../functions/audit-subscription/respond.ts";
import { issueApiKey } from "../../../functions/core/access/api-key.ts";
import { fakeWorld } from "../../support/fake-world.ts";
import { inProcessApi } from "../../support/openapi/in-process-api.ts";

export const arns = { ApiKeySecretArn: "arn:api-key", SecretArn: "arn:signing" };

/** What CloudFormation reads of a response. */
export interface StackResponse {
  Status: "SUCCESS" | "FAILED";
  Reason?: string;
  PhysicalResourceId: string;
  Data?: { SubscriptionId?: string };
}

/** A tracker's API over HTTP, Secrets Manager, and a CloudFormation that sends requests to the handler. */
export async function stackWorld() {
  const world = fakeWorld();
  const granted = { organizations: ["org"], scopes: ["notifications:read", "notifications:write"] as const };
  const { text, apiKey } = issueApiKey(
    { ...granted, scopes: [...granted.scopes], validUntil: undefined },
    (count) => Buffer.alloc(count, 1),
    world.clock(),
  );
  await world.apiKeys.create(apiKey);
  const api = inProcessApi(world, "key", {});
  const faults = { loseResponseOf: undefined as string | undefined };
  const server = createServer(async (request: IncomingMessage, response) => {
    const { method = "", url: target = "" } = request;
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const answer = await api({ method, target, exists: true, headers, body: await buffer(request) });
    if (faults.loseResponseOf === method) {
      faults.loseResponseOf = undefined;
      return response.destroy();
    }
    return response.writeHead(answer.status, answer.headers).end(answer.bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const secrets = new Map([[arns.SecretArn, "a".repeat(44)]]);
  const secretsManager = {
    async send({ input }: { input: { SecretId: string; SecretString?: string } }) {
      if (input.SecretString !== undefined) secrets.set(input.SecretId, input.SecretString);
      return { SecretString: secrets.get(input.SecretId) };
    },
  } as unknown as Pick<SecretsManagerClient, "send">;

  const responses: StackResponse[] = [];
  const handler = respondToCloudFormation({
    manage: manageSubscription({
      connect: async ({ ApiUrl, OrganizationId }) =>
        connect({ url: ApiUrl, key: text, organizationId: OrganizationId }, { maxTries: 1 }),
      signingSecret: (arn) => signingSecret(secretsManager, arn),
    }),
    put: async (_url, body) => void responses.push(JSON.parse(body)),
  });
  const base = { ResponseURL: "https://s3.example/", StackId: "arn:stack", LogicalResourceId: "Orders" };
  let requests = 0;

  return {
    world,
    faults,
    secrets,
    properties: (attributes: object = {}, changes: object = {}) => ({
      ...{ ApiUrl: `${url}/`, OrganizationId: "org", ...arns, ServiceToken: "arn:function" },
      Attributes: JSON.stringify({ webhookUrl: "https://orders.example/hooks", ...attributes }),
      ...changes,
    }),
    /** A request of CloudFormation, to be sent once or several times. */
    request: (RequestType: "Create" | "Update" | "Delete", fields: object) => ({
      ...base,
      RequestType,
      RequestId: `request-${++requests}`,
      ...fields,
    }),
    /** Sends a request to the function. Returns its response. */
    async send(request: object): Promise<StackResponse> {
      await handler(request);
      const response = responses.at(-1);
      if (response === undefined) throw new Error("no response");
      return response;
    },
    subscriptions: () => world.subscriptions.listInFull("org"),
    stop: () => void server.close(),
  };
}
