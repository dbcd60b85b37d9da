import * as z from "zod";

/** The tracker that the canary calls, the issuer, the secret with its API key, and whether it submits audits. */
export const canaryEnvironment = z.object({
  API_URL: z.url(),
  ORGANIZATION_ID: z.string().min(1),
  API_KEY_SECRET_ARN: z.string().min(1),
  FILES_AUDITS: z.enum(["true", "false"]).transform((text) => text === "true"),
});

export type CanaryEnvironment = z.input<typeof canaryEnvironment>;
