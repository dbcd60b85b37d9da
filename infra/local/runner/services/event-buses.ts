import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { ResourcePolicies } from "../iam/resource-policies.ts";
import { callAws } from "../protocol/aws-client.ts";
import { type AwsRequest, type AwsResponse, errorResponse, jsonResponse } from "../protocol/aws-request.ts";
import { ignored } from "../template/parse-template-part.ts";
import { busArn, type Place } from "../template/resource-kinds.ts";
import type { StackResources } from "../template/stack-resources.ts";
import type { Emulator } from "./emulator.ts";
import { type EventPattern, eventPattern, matchesPattern } from "./event-pattern.ts";
import { innerQueueUrl } from "./foreign-queues.ts";

const busSchema = z.strictObject({ Name: z.string(), Description: ignored, Tags: ignored });

interface Rule {
  readonly bus: string;
  readonly pattern: EventPattern;
  /** Queues by the ids of the targets. */
  readonly queueUrls: Map<string, string>;
}

const entrySchema = z.object({
  EventBusName: z.string().default("default"),
  Source: z.string().min(1),
  DetailType: z.string().min(1),
  Detail: z.string(),
  Time: z.number().optional(),
});

const permissionInput = z.object({ EventBusName: z.string(), Policy: z.string() });
const ruleInput = z.object({
  Name: z.string(),
  EventBusName: z.string().default("default"),
  EventPattern: z.string().transform((text) => eventPattern.parse(JSON.parse(text))),
});
const targetsInput = z.object({
  Rule: z.string(),
  EventBusName: z.string().default("default"),
  Targets: z.array(z.strictObject({ Id: z.string(), Arn: z.string().regex(/^arn:[^:]+:sqs:/) })),
});

/**
 * The total size of the entries of a call, in bytes. It was 256 KB until January 2026.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
 */
const maxBytes = 1024 * 1024;

/**
 * The event buses of EventBridge, with rules that are made at run time and have queues as targets. Operators of other
 * accounts can create buses with policies. All of this is kept in memory only. Policies of queues as targets of rules
 * are not checked.
 *
 * EventBridge accepts events for a bus that does not exist, and drops them: https://github.com/aws/aws-cli/issues/9186
 *
 * @throws StartUpError for a bus with properties that are not modelled, such as a key
 */
export function createEventBuses(stack: StackResources, sqs: Emulator, policies: Pick<ResourcePolicies, "set">) {
  const { place } = stack;
  const buses = new Set(stack.ofType("AWS::Events::EventBus", busSchema).map(({ arn }) => arn));
  buses.add(busArn("default", place));
  const rules = new Map<string, Rule>();
  const ruleKey = (bus: string, name: string) => `${bus} ${name}`;

  async function deliver(event: Envelope, bus: string): Promise<void> {
    for (const rule of rules.values()) {
      if (rule.bus !== bus || !matchesPattern(rule.pattern, event)) continue;
      for (const url of rule.queueUrls.values())
        await callAws(sqs.send, "AmazonSQS.SendMessage", { QueueUrl: url, MessageBody: JSON.stringify(event) });
    }
  }

  async function putEvents(input: AwsRequest["input"]): Promise<AwsResponse> {
    const { Entries } = z.object({ Entries: z.array(z.record(z.string(), z.unknown())).min(1).max(10) }).parse(input);
    if (Entries.reduce((sum, entry) => sum + sizeOf(entry), 0) > maxBytes)
      return errorResponse("ValidationException", "Total size of the entries in the request is over the limit.");
    const put = [];
    for (const given of Entries) {
      const entry = entrySchema.safeParse(given);
      const detail = entry.success ? detailOf(entry.data.Detail) : undefined;
      if (!entry.success) put.push({ ErrorCode: "InvalidArgument", ErrorMessage: z.prettifyError(entry.error) });
      else if (detail === undefined) put.push({ ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." });
      else {
        const event = envelopeOf(entry.data, detail, place);
        await deliver(event, busArn(entry.data.EventBusName, place));
        put.push({ EventId: event.id });
      }
    }
    return jsonResponse({ FailedEntryCount: put.filter((one) => "ErrorCode" in one).length, Entries: put });
  }

  function createBus(input: AwsRequest["input"], owner: Place): AwsResponse {
    const { Name } = z.object({ Name: z.string() }).parse(input);
    const bus = busArn(Name, owner);
    buses.add(bus);
    return jsonResponse({ EventBusArn: bus });
  }

  function putPermission(input: AwsRequest["input"], owner: Place): AwsResponse {
    const { EventBusName, Policy } = permissionInput.parse(input);
    policies.set(busArn(EventBusName, owner), JSON.parse(Policy));
    return jsonResponse({});
  }

  function putRule(input: AwsRequest["input"], owner: Place): AwsResponse {
    const { Name, EventBusName, EventPattern } = ruleInput.parse(input);
    const bus = busArn(EventBusName, owner);
    if (!buses.has(bus)) return errorResponse("ResourceNotFoundException", `Event bus ${EventBusName} does not exist.`);
    const key = ruleKey(bus, Name);
    rules.set(key, { bus, pattern: EventPattern, queueUrls: rules.get(key)?.queueUrls ?? new Map() });
    return jsonResponse({ RuleArn: bus.replace("event-bus", "rule").concat(`/${Name}`) });
  }

  function putTargets(input: AwsRequest["input"], owner: Place): AwsResponse {
    const { Rule: ruleName, EventBusName, Targets } = targetsInput.parse(input);
    const rule = rules.get(ruleKey(busArn(EventBusName, owner), ruleName));
    if (rule === undefined) return errorResponse("ResourceNotFoundException", `Rule ${ruleName} does not exist.`);
    for (const { Id, Arn } of Targets) {
      const [account = "", name = ""] = Arn.split(":").slice(-2);
      rule.queueUrls.set(Id, innerQueueUrl({ account, name }, place));
    }
    return jsonResponse({ FailedEntryCount: 0, FailedEntries: [] });
  }

  /** Answers a call. Input that is not modelled is refused. */
  return async ({ action, input, account = place.account }: AwsRequest): Promise<AwsResponse> => {
    const owner = { ...place, account };
    try {
      if (action === "PutEvents") return await putEvents(input);
      if (action === "PutRule") return putRule(input, owner);
      if (action === "PutTargets") return putTargets(input, owner);
      if (action === "CreateEventBus") return createBus(input, owner);
      if (action === "PutPermission") return putPermission(input, owner);
    } catch (error) {
      if (!(error instanceof z.ZodError || error instanceof SyntaxError)) throw error;
      return errorResponse("ValidationException", `not modelled: ${error.message}`);
    }
    return errorResponse("UnknownOperationException", `events:${action} is not modelled`);
  };
}

export type Envelope = ReturnType<typeof envelopeOf>;

/** https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
function envelopeOf(
  { Source, DetailType, Time = Date.now() / 1_000 }: z.infer<typeof entrySchema>,
  detail: Readonly<Record<string, unknown>>,
  { account, region }: Place,
) {
  const time = `${new Date(Time * 1_000).toISOString().slice(0, 19)}Z`;
  const metadata = { version: "0", id: randomUUID(), "detail-type": DetailType, source: Source };
  return { ...metadata, account, time, region, resources: [] as string[], detail };
}

/** The detail must be a JSON object. */
function detailOf(text: string): Record<string, unknown> | undefined {
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
function sizeOf({ Source, DetailType, Detail, Time }: Readonly<Record<string, unknown>>): number {
  const texts = [Source, DetailType, Detail].map((value) => Buffer.byteLength(typeof value === "string" ? value : ""));
  return texts.reduce((sum, bytes) => sum + bytes, Time === undefined ? 0 : 14);
}
