import { logger } from "./logger.ts";

/** Counts and logs an event that an AWS service refuses permanently. It is not sent there again. */
export function reportRefusal(count: (metric: "PublishRefused") => void): (code: string, service?: string) => void {
  return (code, service = "SQS") => {
    count("PublishRefused");
    logger.error("AWS refused an event permanently", { service, code });
  };
}
