import * as z from "zod";
import {
  type AllowedTargets,
  readTarget,
  targetArn,
  targetError,
  targetType,
} from "../../core/subscriptions/aws-target.ts";
import { kardEvent } from "../../core/subscriptions/kard-compatible.ts";
import {
  otherCharacters,
  urlCharacters,
  type WebhookTargets,
  webhookUrlError,
} from "../../core/subscriptions/webhook-url.ts";

const webhookUrl = z
  .string("must be a string")
  .max(2_000, "must have at most 2000 characters")
  .regex(urlCharacters, otherCharacters)
  .describe(
    "The URL for POST requests: https, port 443 and a public host unless the deployment allows others, without user name, password or fragment.",
  )
  .meta({ format: "uri" });

/** The type must fit the ARN. This rule is also in the published schema. */
const target = z
  .strictObject({ type: targetType, arn: targetArn })
  .refine(({ type, arn }) => readTarget(arn)?.type === type, { error: "must be of the type", path: ["arn"] })
  .meta({
    not: {
      anyOf: [
        { properties: { type: { const: "sqs" }, arn: { pattern: ":event-bus/" } }, required: ["type", "arn"] },
        { properties: { type: { const: "eventbridge" }, arn: { pattern: ":sqs:" } }, required: ["type", "arn"] },
      ],
    },
  })
  .describe(
    "Instead of `webhookUrl`: an SQS queue or EventBridge event bus in an AWS account that the deployment lists for " +
      "the issuer.",
  );

/** Where events go: a webhook, or a queue or event bus. */
export const endpoints = z.object({ webhookUrl, target });

interface EndpointInput {
  webhookUrl?: string | undefined;
  target?: z.infer<typeof target> | undefined;
}

interface WithOptions extends EndpointInput {
  eventName?: string | undefined;
  headers?: object | null | undefined;
}

/** The rules for what goes together, each also as a schema of what is refused. */
const rules: readonly { refused: object; isBroken: (input: WithOptions) => boolean; field: string; message: string }[] =
  [
    {
      refused: { required: ["webhookUrl", "target"] },
      isBroken: (input) => input.webhookUrl !== undefined,
      field: "target",
      message: "cannot be given with webhookUrl",
    },
    {
      refused: { properties: { headers: { type: "object" } }, required: ["target", "headers"] },
      isBroken: ({ headers }) => headers !== undefined && headers !== null,
      field: "headers",
      message: "cannot be given with a target, which gets no headers",
    },
    {
      refused: { properties: { eventName: { const: kardEvent } }, required: ["target", "eventName"] },
      isBroken: ({ eventName }) => eventName === kardEvent,
      field: "target",
      message: "is not for auditUpdate, which goes to webhooks",
    },
  ];
export const refusedEndpoints = rules.map(({ refused }) => refused);

export function refuseEndpoints(input: WithOptions, context: z.RefinementCtx): void {
  if (input.target === undefined) return;
  for (const { isBroken, field, message } of rules)
    if (isBroken(input)) context.addIssue({ code: "custom", message, path: [field] });
}

/** A new subscription has an endpoint. */
export const noEndpoint = { not: { anyOf: [{ required: ["webhookUrl"] }, { required: ["target"] }] } };
export const endpointMissing = { error: "must be given, or a target", path: ["webhookUrl"] };
export const hasEndpoint = (input: EndpointInput) => input.webhookUrl !== undefined || input.target !== undefined;

export interface EndpointDeps {
  webhookTargets: WebhookTargets;
  allowedTargets: AllowedTargets;
}

/** Why an endpoint is refused: the field, and a message for its owner. */
export interface EndpointRefusal {
  field: "webhookUrl" | "target";
  reason: string;
}

/** Why an issuer may not have an endpoint; `undefined` if it may. */
export function endpointRefusal(
  { webhookTargets, allowedTargets }: EndpointDeps,
  organizationId: string,
  { webhookUrl: url, target: given }: EndpointInput,
): EndpointRefusal | undefined {
  const found = given && readTarget(given.arn);
  const ofTarget = found && targetError(organizationId, found, allowedTargets);
  if (ofTarget !== undefined) return { field: "target", reason: ofTarget };
  const ofUrl = url === undefined ? undefined : webhookUrlError(url, webhookTargets);
  return ofUrl === undefined ? undefined : { field: "webhookUrl", reason: ofUrl };
}

/** The URL or ARN of an endpoint, as it is stored. */
export function addressOf({ webhookUrl: url, target: given }: EndpointInput): string | undefined {
  return given?.arn ?? url;
}
