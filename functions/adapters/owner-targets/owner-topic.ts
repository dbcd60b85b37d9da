import { PublishCommand, SNSClient, SNSServiceException } from "@aws-sdk/client-sns";
import { auditEventType } from "../../core/events/events.ts";
import type { OwnerTarget } from "../../core/publishing/ports.ts";
import { awsHttp } from "../aws/http-handler.ts";
import { fifoFields, messageAttributes } from "./message-attributes.ts";

/**
 * The errors that SNS gives for a message permanently: its contents, or more than 256 KB with its attributes. A topic
 * that is missing or denies access can be repaired, so these errors are retried.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors
 */
const permanentCodes: readonly string[] = ["InvalidParameter", "InvalidParameterValue"];

/** Opens the topic with a client of its own. */
export function openOwnerTopic(topicArn: string, onRefused: (code: string) => void): OwnerTarget {
  return ownerTopic(new SNSClient({ cacheMiddleware: true, requestHandler: awsHttp() }), topicArn, onRefused);
}

/** The owner's topic. A message is the event's exact bytes; attributes allow filter policies. */
export function ownerTopic(
  client: Pick<SNSClient, "send">,
  topicArn: string,
  onRefused: (code: string) => void = () => undefined,
): OwnerTarget {
  return {
    name: "topic",
    eventNames: auditEventType.options,
    async send(owned) {
      const message = {
        TopicArn: topicArn,
        Message: owned.event.body,
        MessageAttributes: messageAttributes(owned),
        ...fifoFields(topicArn, owned),
      };
      try {
        await client.send(new PublishCommand(message));
        return {};
      } catch (error) {
        const code = permanentCode(error);
        if (code === undefined) throw error;
        onRefused(code);
        return { refused: code };
      }
    },
  };
}

/**
 * SNS also gives `InvalidParameter` for the ARN of a topic in another region. That can be repaired.
 *
 * The SDK names an exception with its modelled name or with the code of the response.
 */
function permanentCode(error: unknown): string | undefined {
  if (!(error instanceof SNSServiceException) || error.message.includes("TopicArn")) return undefined;
  const code = error.name.replace(/Exception$/, "");
  return permanentCodes.includes(code) ? code : undefined;
}
