import { z } from "zod";

/** Which tracker the canary calls, as which issuer, where its API key is, and whether it files audits. */
export const canaryEnvironment = z.object({
  API_URL: z.url(),
  ORGANIZATION_ID: z.string().min(1),
  API_KEY_SECRET_ARN: z.string().min(1),
  FILES_AUDITS: z.enum(["true", "false"]).transform((text) => text === "true"),
});

export type CanaryEnvironment = z.input<typeof canaryEnvironment>;
