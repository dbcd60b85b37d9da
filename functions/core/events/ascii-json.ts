/**
 * A value as JSON that consists of ASCII alone: whatever else a text has is written as `\uXXXX`, which is the same JSON
 * value. Such bytes pass unchanged through everything that carries them. SQS refuses messages with U+FFFE, U+FFFF or a
 * control character below U+0020 that is no tab, newline or carriage return (`InvalidMessageContents`):
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
export function asciiJson(value: object): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
