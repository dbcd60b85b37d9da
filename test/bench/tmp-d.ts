import { benchDeliver } from "./deliver.ts";
import { benchPoll } from "./poll.ts";
const [what, l] = process.argv.slice(2);
const r = await (what === "poll" ? benchPoll : benchDeliver)(Number(l)); console.log(what, JSON.stringify(r));
process.exit(0);
