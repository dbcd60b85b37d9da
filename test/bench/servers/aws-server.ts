import type { AddressInfo } from "node:net";
import { type RawRequest, rawHttpServer } from "./raw-http.ts";

/**
 * A fast stub of DynamoDB and Secrets Manager, so that a benchmark measures the function and not an emulator on the
 * same cores. It answers the calls of the measured functions: items by key, pages of a lane, the directory of issuers,
 * leases, no cursors, and a secret. It runs in its own process and sends its port to its parent. A GET returns the
 * counts of calls and resets them.
 */
type Attribute = { S: string; N: string };
type Row = Record<string, Attribute>;

const secret = JSON.stringify({ clientId: "bench", clientSecret: "bench", webhookKey: "bench" });
const lanes = new Map<string, { laneAt: number; row: Row }[]>();
/**
 * Serialized rows by projection. Serializing them for each call would use the function's cores.
 */
const shown = new Map<string, WeakMap<Row, string>>();
/** The directory of issuers. */
const issuers: Row[] = [];
const items = new Map<string, Row>();
let calls: Record<string, number> = {};
let itemsWritten = 0;
/**
 * Written batches. They are parsed only for the counts, to spare the function's cores.
 */
const unread: Buffer[] = [];

interface Input {
  Key?: Row;
  Item?: Row;
  RequestItems?: Record<string, { PutRequest: { Item: Row } }[]>;
  IndexName?: string;
  ExpressionAttributeValues?: Record<":lane" | ":from" | ":to" | ":pk", Attribute> & { ":next"?: Attribute };
  ExclusiveStartKey?: Row;
  ProjectionExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  Limit?: number;
}

const keyOf = ({ pk, sk }: Row) => `${pk?.S} ${sk?.S}`;

function readWritten(): void {
  const inputs = unread.splice(0).map((body) => JSON.parse(body.toString()) as Input);
  for (const { PutRequest } of inputs.flatMap(({ RequestItems = {} }) => Object.values(RequestItems).flat())) {
    itemsWritten++;
    items.set(keyOf(PutRequest.Item), PutRequest.Item);
    const { lane, laneAt } = PutRequest.Item;
    if (PutRequest.Item.pk?.S === "ISSUERS") issuers.push(PutRequest.Item);
    if (lane === undefined || laneAt === undefined) continue;
    const rows = lanes.get(lane.S) ?? [];
    lanes.set(lane.S, rows);
    rows.push({ laneAt: Number(laneAt.N), row: PutRequest.Item });
    rows.sort((a, b) => a.laneAt - b.laneAt);
  }
}

function query({
  ExpressionAttributeValues: values,
  ExclusiveStartKey: behind,
  Limit: limit,
  ...input
}: Input): string {
  const rows = lanes.get(values?.[":lane"]?.S ?? "") ?? [];
  const first = rows.findIndex(({ laneAt }) => laneAt >= Number(values?.[":from"].N));
  const place = behind === undefined ? first : rows.findIndex(({ row }) => row.pk?.S === behind.pk?.S) + 1;
  const page = first === -1 ? [] : rows.slice(place, place + (limit ?? rows.length));
  const projection = input.ProjectionExpression ?? "";
  const texts = shown.get(projection) ?? new WeakMap<Row, string>();
  shown.set(projection, texts);
  const attributes = projection.split(/, */).map((name) => input.ExpressionAttributeNames?.[name] ?? name);
  const textOf = (row: Row) => {
    const text = texts.get(row) ?? JSON.stringify(Object.fromEntries(attributes.map((name) => [name, row[name]])));
    texts.set(row, text);
    return text;
  };
  const asked = page.filter(({ laneAt }) => laneAt <= Number(values?.[":to"].N));
  const last = asked.length === limit ? asked.at(-1)?.row : undefined;
  const { pk, sk, lane, laneAt } = last ?? {};
  const next = last === undefined ? "" : `,"LastEvaluatedKey":${JSON.stringify({ pk, sk, lane, laneAt })}`;
  return `{"Items":[${asked.map(({ row }) => textOf(row)).join()}]${next}}`;
}

/** The generation of a lease, and the next slot of a rate limit, which is idle. */
function updated({ ExpressionAttributeValues: values }: Input): Partial<Record<string, { N: string }>> {
  const nextAt = values?.[":next"];
  return nextAt === undefined ? { generation: { N: "1" } } : { nextAt: { N: nextAt.N } };
}

function respond({ method, target, body }: RawRequest): object | string {
  if (method === "GET") {
    readWritten();
    const counts = { calls, itemsWritten };
    calls = {};
    itemsWritten = 0;
    return counts;
  }
  const action = target.split(".")[1] ?? "";
  calls[action] = (calls[action] ?? 0) + 1;
  if (action === "BatchWriteItem") {
    unread.push(body);
    return { UnprocessedItems: {} };
  }
  readWritten();
  const input = JSON.parse(body.toString()) as Input;
  switch (action) {
    case "PutItem":
      if (input.Item !== undefined) items.set(keyOf(input.Item), input.Item);
      return {};
    case "GetItem":
      return { Item: items.get(keyOf(input.Key ?? {})) };
    case "Query":
      if (input.IndexName === "lanes") return query(input);
      return { Items: input.ExpressionAttributeValues?.[":pk"]?.S === "ISSUERS" ? issuers : [] };
    case "UpdateItem":
      return { Attributes: updated(input) };
    case "SendMessageBatch":
      return {};
    case "GetSecretValue":
      return { SecretString: secret };
    default:
      throw new Error(`the AWS stub does not support ${action}`);
  }
}

const server = rawHttpServer((request) => {
  const responded = respond(request);
  return typeof responded === "string" ? responded : JSON.stringify(responded);
});

server.listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port));
process.once("disconnect", () => process.exit(0));
