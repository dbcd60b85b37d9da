import { createHash, createHmac } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { AwsSha256 } from "../../../functions/adapters/aws-sha256.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = fc.uint8Array({ maxLength: 200 });
const secrets = fc.option(
  fc.oneof(
    fc.string(),
    bytes,
    bytes.map(({ buffer, byteOffset: at, byteLength }) => buffer.slice(at, at + byteLength)),
  ),
  {
    nil: undefined,
  },
);

test("whatever comes in how many pieces, the digest is Node's own", async () => {
  await fc.assert(
    fc.asyncProperty(secrets, fc.array(bytes, { maxLength: 4 }), async (secret, chunks) => {
      const ours = new AwsSha256(secret);
      const again = new AwsSha256(secret);
      const key = typeof secret === "string" || ArrayBuffer.isView(secret) ? secret : new Uint8Array(secret ?? []);
      const nodes = secret === undefined ? createHash("sha256") : createHmac("sha256", key);
      again.update(Buffer.from("forgotten"));
      again.reset();
      for (const chunk of chunks) {
        for (const each of [ours, again]) each.update(chunk);
        nodes.update(chunk);
      }
      const expected = nodes.digest("hex");
      expect([hex(await ours.digest()), hex(await again.digest())]).toEqual([expected, expected]);
    }),
  );
});

test("two secrets of the same bytes, and one that is used twice, give one digest; other bytes another", async () => {
  const digestWith = async (secret: Uint8Array) => {
    const hash = new AwsSha256(secret);
    hash.update(Buffer.from("message"));
    return hex(await hash.digest());
  };
  const [one, same, other] = [Buffer.from("secret"), Buffer.from("secret"), Buffer.from("Secret")];
  const first = await digestWith(one);
  expect([await digestWith(one), await digestWith(same)]).toEqual([first, first]);
  expect(await digestWith(other)).not.toBe(first);
});

test("a request that is signed with it has the signature that AWS computes", async () => {
  const requests: { headers: IncomingHttpHeaders; body: string | Uint8Array }[] = [];
  const client = new DynamoDBClient({
    ...{ endpoint: "https://table.example", region: "eu-west-1", sha256: AwsSha256 },
    credentials: { accessKeyId: "id", secretAccessKey: "a secret", sessionToken: "token" },
    requestHandler: {
      async handle(request: { headers: IncomingHttpHeaders; body: string | Uint8Array }) {
        requests.push(request);
        return { response: { statusCode: 200, headers: {}, body: Buffer.from("{}") } };
      },
    },
  });
  await client.send(new ListTablesCommand({ Limit: 1 }));
  await client.send(new ListTablesCommand({ Limit: 2 }));

  expect(requests).toHaveLength(2);
  for (const { headers, body } of requests) {
    const [, day, names = "", signature] =
      /^AWS4-HMAC-SHA256 Credential=id\/(\d+)\/eu-west-1\/dynamodb\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=(\w+)$/.exec(
        headers.authorization ?? "",
      ) ?? [];
    const signed = names.split(";").map((name) => `${name}:${headers[name]}\n`);
    const canonical = `POST\n/\n\n${signed.join("")}\n${names}\n${createHash("sha256").update(body).digest("hex")}`;
    const toSign = `AWS4-HMAC-SHA256\n${headers["x-amz-date"]}\n${day}/eu-west-1/dynamodb/aws4_request\n${createHash("sha256").update(canonical).digest("hex")}`;
    const signingKey = [day ?? "", "eu-west-1", "dynamodb", "aws4_request"].reduce<string | Buffer>(
      (key, part) => createHmac("sha256", key).update(part).digest(),
      "AWS4a secret",
    );
    expect(signature).toBe(createHmac("sha256", signingKey).update(toSign).digest("hex"));
  }
});
