import * as z from "zod";

/**
 * What every request of CloudFormation to a custom resource has.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html
 */
export const resourceRequest = z.object({
  RequestType: z.enum(["Create", "Update", "Delete"]),
  ResponseURL: z.url(),
  StackId: z.string(),
  RequestId: z.string(),
  LogicalResourceId: z.string(),
  PhysicalResourceId: z.string().optional(),
  ResourceProperties: z.unknown(),
  OldResourceProperties: z.unknown().optional(),
});
export type ResourceRequest = z.infer<typeof resourceRequest>;

const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    context.addIssue({ code: "custom", message: "is not JSON" });
    return z.NEVER;
  }
});

/** The subscription of a template. CloudFormation turns numbers and booleans into text, so the attributes are JSON. */
export const resourceProperties = z.object({
  ApiUrl: z.url().transform((url) => url.replace(/\/+$/, "")),
  OrganizationId: z.string().min(1),
  /** The secret with the API key. */
  ApiKeySecretArn: z.string().min(1),
  /** The secret that the webhooks are signed with. */
  SecretArn: z.string().min(1),
  /** The attributes for the API, as JSON. */
  Attributes: json.pipe(z.looseObject({ webhookUrl: z.string(), description: z.string().optional() })),
});
export type ResourceProperties = z.output<typeof resourceProperties>;
