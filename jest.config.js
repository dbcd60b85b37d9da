import { availableParallelism } from "node:os";

/** @type {import("jest").Config} */
const common = {
  // Runs test files in plain Node.js, as the product runs: no transformation, and libraries are loaded once a process.
  runner: ["<rootDir>/test/support/jest/light-runner.ts", { runtime: "child_process" }],
  setupFiles: ["<rootDir>/test/support/jest/setup.ts"],
  transform: {},
  modulePathIgnorePatterns: ["<rootDir>/cdk.out", "<rootDir>/.local", "<rootDir>/dist"],
};

/** @type {import("jest").Config} */
const config = {
  // One more than cores, because end-to-end tests also wait.
  maxWorkers: availableParallelism() + 1,
  testSequencer: "<rootDir>/test/support/jest/slow-first.ts",
  projects: [
    {
      ...common,
      displayName: "parts",
      testMatch: ["<rootDir>/test/**/*.test.ts"],
      testPathIgnorePatterns: ["/node_modules/", "<rootDir>/test/e2e/"],
    },
    {
      ...common,
      displayName: "e2e",
      testMatch: ["<rootDir>/test/e2e/**/*.test.ts"],
      globalSetup: "<rootDir>/test/e2e/support/grants/synthesize-once.ts",
      globalTeardown: "<rootDir>/test/e2e/support/grants/end-of-run.ts",
    },
  ],
};

export default config;
