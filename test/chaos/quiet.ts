// Silences the functions' logger before it is created: thousands of injected faults would fill the log.
process.env.POWERTOOLS_LOG_LEVEL = "SILENT";

export {};
