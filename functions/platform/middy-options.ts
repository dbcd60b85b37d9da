/**
 * The options of every handler. Middy does not answer before Lambda's timeout: Lambda then freezes the environment with
 * its work under way, and a later invocation would continue with writes that are out of date. Without a response,
 * Lambda resets the environment and ends its processes
 * (https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html, "Failures during the invoke phase").
 */
export const middyOptions = { timeoutEarlyInMillis: 0 };
