import { Aws } from "aws-cdk-lib/core";

const page = (service: string, fragment: string) =>
  `https://${Aws.REGION}.console.aws.amazon.com/${service}/home?region=${Aws.REGION}#${fragment}`;

/** Pages of the AWS console in the stack's region. */
export const consoleLinks = {
  dashboard: (name: string) => page("cloudwatch", `dashboards/dashboard/${name}`),
  functionNamed: (name: string) => page("lambda", `/functions/${name}?tab=monitoring`),
  table: (name: string) => page("dynamodbv2", `table?name=${name}&tab=monitoring`),
  queues: () => page("sqs/v3", "/queues"),
};
