import LightRunner from "jest-light-runner";
import Tinypool from "tinypool";
import { channelPerTask, type WorkerChannel } from "./worker-channel.ts";

// All workers of jest-light-runner's pool share one channel (https://github.com/nicolo-ribaudo/jest-light-runner). When
// one worker asks for its configuration, all get it, and those that have not asked yet miss it and wait forever.
const { run } = Tinypool.prototype;
Tinypool.prototype.run = function runWithOwnChannel(task, options) {
  const { channel } = (options ?? {}) as { channel?: WorkerChannel };
  return run.call(this, task, channel === undefined ? options : { ...options, channel: channelPerTask(channel) });
};

// biome-ignore lint/style/noDefaultExport: Jest requires one.
export default LightRunner;
