/**
 * JSON in ASCII only: other characters are written as `\uXXXX`, which is the same JSON value. Such bytes pass through
 * every transport unchanged. SQS refuses messages with U+FFFE, U+FFFF, or control characters other than tab, newline
 * and carriage return (`InvalidMessageContents`):
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function asciiJson(value: object): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
