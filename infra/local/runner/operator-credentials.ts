/** Client configuration of the local stack's operator, who has every permission. */
export const operatorCredentials = {
  region: "us-east-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
} as const;
