/** @type {import("jest").Config} */
const common = {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "\\.ts$": [
      "@swc/jest",
      {
        jsc: { parser: { syntax: "typescript" }, target: "es2024" },
        module: { type: "es6" },
      },
    ],
  },
  modulePathIgnorePatterns: ["<rootDir>/cdk.out", "<rootDir>/.local", "<rootDir>/dist"],
};

/** @type {import("jest").Config} */
const config = {
  maxWorkers: "100%",
  // Modules of finished test files stay in memory (https://github.com/jestjs/jest/issues/11956). At gigabytes, the
  // garbage collector takes most of the time; so a worker is replaced before.
  workerIdleMemoryLimit: "1.5GB",
  testTimeout: 300_000,
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
