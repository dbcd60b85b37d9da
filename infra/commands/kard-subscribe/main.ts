import { runKardSubscribe } from "./run-kard-subscribe.ts";

process.exitCode = await runKardSubscribe(process.argv.slice(2), "npm run kard:subscribe --");
