import { PublishCommand, type PublishCommandInput, type SNSClient, SNSServiceException } from "@aws-sdk/client-sns";

/**
 * The errors that SNS gives for a message permanently: its contents, or more than 256 KB with its attributes. A topic
 * that is missing or denies access can be repaired, so these errors are retried.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors
 */
const permanentCodes: readonly string[] = ["InvalidParameter", "InvalidParameterValue"];

/**
 * Publishes a message to a topic.
 *
 * @param onRefused called with the code of SNS if it refuses the message permanently
 * @returns that code
 * @throws the SDK's error if SNS did not accept the message now
 */
export async function publishToTopic(
  client: Pick<SNSClient, "send">,
  message: PublishCommandInput,
  onRefused: (code: string) => void,
): Promise<{ refused?: string }> {
  try {
    await client.send(new PublishCommand(message));
    return {};
  } catch (error) {
    const code = permanentCode(error);
    if (code === undefined) throw error;
    onRefused(code);
    return { refused: code };
  }
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
