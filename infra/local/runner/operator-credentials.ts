/** Client configuration of the local stack's operator, who has every permission. */
export const operatorCredentials = {
  region: "us-east-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
} as const;

/** The same for the operator of another account, who can create queues and event buses there. */
export function credentialsOf(account: string) {
  return { ...operatorCredentials, credentials: { accessKeyId: account, secretAccessKey: "local" } };
}
