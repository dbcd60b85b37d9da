/** Grants that no test uses, with the reason for each. */
export const unexercised: { action: RegExp; reason: string }[] = [
  {
    action: /^logs:(CreateLogStream|PutLogEvents)$/,
    reason: "Lambda writes the log with them; the local stack refuses a function whose role lacks them",
  },
  {
    action: /^lambda:InvokeFunction$/,
    reason: "EventBridge Scheduler invokes with it; the local stack checks it before each run",
  },
  {
    action: /^sqs:GetQueueAttributes$/,
    reason: "Lambda asks for it when it creates the event source mapping",
  },
  {
    action: /^kms:(DescribeKey|Encrypt|GenerateDataKeyWithoutPlaintext|ReEncryptFrom|ReEncryptTo)$/,
    reason: "DynamoDB asks for it of whoever uses a table with a customer managed key, when it renews its table keys",
  },
];
