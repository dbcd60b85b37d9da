import { workerData } from "node:worker_threads";
import { bundleFunction } from "../../constructs/function-bundle.ts";

// esbuild's synchronous build blocks its thread.
const { folder, outputFolder } = workerData as { folder: string; outputFolder: string };
bundleFunction(folder, outputFolder, "source-map");
