/** How an AWS client on this machine reaches the local stack as its operator, who may do everything. */
export const operatorCredentials = {
  region: "us-east-1",
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
} as const;
