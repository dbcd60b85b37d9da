import { logger } from "./logger.ts";

/** Counts and logs a message that SQS has refused for good: nothing sends it again. */
export function reportRefusal(count: (metric: "PublishRefused") => void): (code: string) => void {
  return (code) => {
    count("PublishRefused");
    logger.error("SQS has refused a message for good", { code });
  };
}
