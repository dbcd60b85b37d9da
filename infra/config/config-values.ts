import { Token } from "aws-cdk-lib/core";
import * as z from "zod";
import { webhookEventType } from "../../functions/core/events/events.ts";

/** `-c key=value` gives text: numbers, lists and objects are JSON. */
export const fromText = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((value) => {
    if (typeof value !== "string") return value;
    try {
      return JSON.parse(value) as unknown;
    } catch {
      return value;
    }
  }, schema);

/** A token is a string that CloudFormation resolves at deployment. It cannot be validated here. */
const orToken = (schema: z.ZodType<string>) =>
  z.unknown().transform((value, context): string => {
    if (Token.isUnresolved(value)) return value as string;
    const { data, error } = schema.safeParse(value);
    for (const { message } of error?.issues ?? []) context.addIssue({ code: "custom", message });
    return data ?? z.NEVER;
  });

export const url = orToken(
  z.url({
    protocol: /^https?$/,
    abort: true,
    error: ({ input }) =>
      input === undefined ? "has no default in this stage: it must be given" : "must be an http(s) URL",
  }),
);

export const principal = orToken(
  z
    .string()
    .regex(/^(\d{12}|arn:aws[a-z-]*:iam::\d{12}:role\/\S+)$/, "must be a 12-digit account id or the ARN of a role"),
);
export const arn = (service: string, what: string) =>
  z.string().regex(new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:\\S+$`), `must be the ARN of ${what}`);

/** `new`, or the ARN of an existing resource. */
export const newOr = (existing: z.ZodType<string>) =>
  z.union([z.literal("new"), existing], { error: "must be new or an ARN of the right kind" });

/** Retries take 75 hours. A record must outlive the time in which retries and replays need it. */
export const days = fromText(z.int().min(7, "must be 7 days or more, or left out").optional());

const idOf = (kind: string) =>
  z
    .string()
    .regex(new RegExp(`^${kind}-([0-9a-f]{8}|[0-9a-f]{17})$`), `must be an id such as ${kind}-0123456789abcdef0`);

export const existingNetwork = z.strictObject({
  vpcId: idOf("vpc"),
  subnetIds: z.array(idOf("subnet")).min(1),
  securityGroupIds: z.array(idOf("sg")).min(1).optional(),
});

/** A topic with its key, or e-mail addresses for a new topic. */
export const contact = z
  .strictObject({
    topicArn: arn("sns", "a topic").optional(),
    topicKey: arn("kms", "a KMS key").optional(),
    emails: z.array(z.email("must be an e-mail address")).optional(),
    events: z.array(webhookEventType).min(1).optional(),
  })
  .refine(({ topicArn, emails }) => topicArn === undefined || emails === undefined, "has topicArn or emails, not both")
  .refine(({ topicArn, topicKey }) => topicArn !== undefined || topicKey === undefined, "topicKey is for a topicArn");

export const truststore = z.strictObject({
  bucket: z.string().min(3),
  key: z.string().min(1),
  version: z.string().min(1).optional(),
});

export const canary = z.strictObject({
  organizationId: z.string("must be the id of an issuer").min(1),
  filesAudits: z.boolean().optional(),
  url: url.optional(),
});

export const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be a region such as eu-west-1");

export const codeDeployConfiguration = z
  .string()
  .regex(
    /^(Canary10Percent(5|10|15|30)Minutes|Linear10PercentEvery(1Minute|[23]Minutes|10Minutes))$/,
    "must be a configuration of CodeDeploy such as Canary10Percent5Minutes or Linear10PercentEvery1Minute",
  );
