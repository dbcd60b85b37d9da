import { createRequire } from "node:module";
import { slowTests } from "./slow-tests.ts";

// Its types are those of the CommonJS module.
const require = createRequire(import.meta.url);
const { default: Sequencer } = require("@jest/test-sequencer") as typeof import("@jest/test-sequencer");
const slow = new RegExp(slowTests.join("|"));

/** Starts slow tests first. Otherwise Jest's order: failed tests first, then by the last duration or the size. */
// biome-ignore lint/style/noDefaultExport: Jest requires one.
export default class SlowFirst extends Sequencer {
  override async sort(tests: Parameters<InstanceType<typeof Sequencer>["sort"]>[0]) {
    const isSlow = (path: string) => Number(slow.test(path));
    return [...(await super.sort(tests))].sort((a, b) => isSlow(b.path) - isSlow(a.path));
  }
}
