import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { ConditionalCheckFailedException, DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";
import { afterEach, expect, test } from "@jest/globals";
import { awsHttp } from "../../../../functions/adapters/aws/http-handler.ts";

const stops: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

/** A local table service with these responses in order, the last one repeated, and its client. */
async function startTable(
  responses: RequestListener[],
  { deadlineMs, maxAttempts = 10 }: { deadlineMs?: number; maxAttempts?: number } = {},
) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    (responses[requests.length - 1] ?? responses.at(-1))?.(request, response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const client = new DynamoDBClient({
    ...{ endpoint: `http://127.0.0.1:${port}`, region: "eu-west-1", maxAttempts },
    credentials: { accessKeyId: "test", secretAccessKey: "test" },
    requestHandler: awsHttp(deadlineMs === undefined ? {} : { deadlineMs }),
  });
  const stop = () =>
    new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    });
  stops.push(stop, async () => client.destroy());
  const getItem = (options: { abortSignal?: AbortSignal } = {}) =>
    client.send(new GetItemCommand({ TableName: "audits", Key: { pk: { S: "Café ☕" } } }), options);
  return { getItem, requests, stop };
}

const answering =
  (status: number, body: object): RequestListener =>
  (_, response) =>
    response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(JSON.stringify(body));

const found = answering(200, { Item: { pk: { S: "Café ☕" } } });
const cutOff: RequestListener = ({ socket }) => socket.destroy();
const cutOffInTheMiddle: RequestListener = ({ socket }, response) => {
  response.writeHead(200, { "content-length": "100" }).write("{");
  setImmediate(() => socket.destroy());
};
const silent: RequestListener = () => undefined;

test("a signed request is sent and answered", async () => {
  let body = "";
  const { getItem, requests } = await startTable([
    async (request, response) => {
      body = await text(request);
      found(request, response);
    },
  ]);

  const { Item: item } = await getItem();

  expect(item).toEqual({ pk: { S: "Café ☕" } });
  expect(JSON.parse(body)).toEqual({ TableName: "audits", Key: { pk: { S: "Café ☕" } } });
  const [request] = requests;
  expect(request).toMatchObject({ method: "POST", url: "/" });
  expect(request?.headers).toMatchObject({
    authorization: expect.stringMatching(/^AWS4-HMAC-SHA256 Credential=test\//),
    "x-amz-target": "DynamoDB_20120810.GetItem",
  });
});

test("an error of the service is the SDK's own, and is not retried", async () => {
  const type = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
  const { getItem, requests } = await startTable([answering(400, { __type: type, message: "no" })]);

  await expect(getItem()).rejects.toBeInstanceOf(ConditionalCheckFailedException);

  expect(requests).toHaveLength(1);
});

test.each([
  ["a connection that is cut off", cutOff],
  ["a response that breaks off", cutOffInTheMiddle],
  ["a service that has trouble", answering(500, {})],
])("%s is retried", async (_, trouble) => {
  const { getItem, requests } = await startTable([trouble, trouble, found]);

  expect(await getItem()).toMatchObject({ Item: { pk: { S: "Café ☕" } } });

  expect(requests).toHaveLength(3);
});

test("a call without a response in time is retried", async () => {
  const { getItem, requests } = await startTable([silent, found], { deadlineMs: 200 });

  expect(await getItem()).toMatchObject({ Item: { pk: { S: "Café ☕" } } });

  expect(requests.length).toBeGreaterThan(1);
});

test("a deadline that always passes is reported", async () => {
  const { getItem } = await startTable([silent], { deadlineMs: 20, maxAttempts: 2 });

  await expect(getItem()).rejects.toThrow("no response from 127.0.0.1: Error: no response in 20 ms");
});

test.each([
  ["before", 0],
  ["while it waits", 50],
])("a call that its caller aborts %s ends with its connection, and is not retried", async (_, afterMs) => {
  const { getItem, requests } = await startTable([silent]);
  const abortSignal = afterMs === 0 ? AbortSignal.abort() : AbortSignal.timeout(afterMs);

  await expect(getItem({ abortSignal })).rejects.toMatchObject({ name: "AbortError" });

  expect(requests.length).toBeLessThan(2);
  for (const { socket } of requests) if (!socket.destroyed) await once(socket, "close");
});

test("an unreachable service fails after the client's number of attempts", async () => {
  const { getItem, stop } = await startTable([found], { maxAttempts: 3 });
  await stop();

  await expect(getItem()).rejects.toMatchObject({
    message: expect.stringMatching(/^no response from 127\.0\.0\.1: .*ECONNREFUSED/),
    $metadata: { attempts: 3 },
  });
});
