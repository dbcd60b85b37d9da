// Before the functions' logger is made: what it would say of thousands of faults is not what is asked for.
process.env.POWERTOOLS_LOG_LEVEL = "SILENT";

export {};
