import * as z from "zod";
import {
  type AwsRequest,
  type AwsResponse,
  errorFor,
  errorTypeOf,
  snsTarget,
  snsVersion,
} from "../protocol/aws-request.ts";
import type { Resource, StackResources } from "../template/stack-resources.ts";
import { StartUpError } from "../template/start-up-error.ts";
import type { Emulator } from "./emulator.ts";

const topicSchema = z.object({ FifoTopic: z.boolean().optional() });

export type Topic = Resource<z.infer<typeof topicSchema>>;

/**
 * The stack's topics. Subscriptions by e-mail are not run.
 *
 * @throws StartUpError for a subscription of a queue in the template: subscribe it at run time instead
 */
export function readTopics(stack: StackResources): Topic[] {
  for (const { id, properties } of stack.ofType("AWS::SNS::Subscription", z.object({ Protocol: z.string() }))) {
    if (properties.Protocol.startsWith("email")) continue;
    throw new StartUpError(
      `${id}: a subscription in the template with the protocol ${properties.Protocol} is not modelled`,
    );
  }
  return stack.ofType("AWS::SNS::Topic", topicSchema);
}

/** Creates missing topics in the emulator. */
export async function createTopics(topics: readonly Topic[], sns: Emulator): Promise<void> {
  for (const { name, properties } of topics) {
    const fifo = properties.FifoTopic
      ? { "Attributes.entry.1.key": "FifoTopic", "Attributes.entry.1.value": "true" }
      : undefined;
    const form = new URLSearchParams({ Action: "CreateTopic", Version: snsVersion, Name: name, ...fifo });
    const answer = await sns.send(`${snsTarget}CreateTopic`, form.toString());
    const error = errorTypeOf(answer);
    if (error !== undefined) throw new StartUpError(`${name}: the topic cannot be created: ${error}`);
  }
}

/** What a call of SNS may be here. Others would be answered without effect. */
const modelled = ["Publish", "Subscribe", "Unsubscribe", "ListTopics", "ListSubscriptionsByTopic"];

/**
 * Answers calls that the emulator must not get; undefined forwards the call to it. Subjects and messages are checked
 * as SNS documents it: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_RequestParameters
 */
export function responseForSns(request: AwsRequest): AwsResponse | undefined {
  const { action, input } = request;
  if (!modelled.includes(action)) return errorFor(request, "InvalidAction", `sns:${action} is not modelled`);
  if (action === "Subscribe" && input.Protocol !== "sqs")
    return errorFor(request, "InvalidParameter", `the protocol ${input.Protocol} is not modelled`);
  if (action !== "Publish") return undefined;
  if (input.Subject !== undefined && !/^[!-~][ -~]{0,98}$/.test(String(input.Subject)))
    return errorFor(request, "InvalidParameter", "Invalid parameter: Subject");
  if (input.MessageStructure === "json" && messagesOf(input).data === undefined)
    return errorFor(request, "InvalidParameter", "Invalid parameter: Message Structure - No default entry in JSON");
  return undefined;
}

const messages = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "is not JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.object({ default: z.string(), sqs: z.string().optional() }));

/** The messages of `MessageStructure: json`: for queues, and by default. */
const messagesOf = ({ Message }: AwsRequest["input"]) => messages.safeParse(Message);

/** The call's bytes for the emulator, which has only queues and knows no `MessageStructure`. */
export function bodyForQueues({ action, input, body }: AwsRequest): Buffer {
  if (action !== "Publish" || input.MessageStructure !== "json") return body;
  const form = new URLSearchParams(body.toString("utf8"));
  const { data } = messagesOf(input);
  form.set("Message", data?.sqs ?? data?.default ?? "");
  form.delete("MessageStructure");
  return Buffer.from(form.toString());
}
