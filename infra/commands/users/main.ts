import { runUsers } from "./run-users.ts";

process.exitCode = await runUsers(process.argv.slice(2), "npm run users --");
