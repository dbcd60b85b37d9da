import { logger } from "./logger.ts";

/** Counts and logs a message that SQS refuses permanently. It is not sent again. */
export function reportQueueRefusal(count: (metric: "PublishRefused") => void): (code: string) => void {
  return (code) => {
    count("PublishRefused");
    logger.error("SQS refused a message permanently", { code });
  };
}
