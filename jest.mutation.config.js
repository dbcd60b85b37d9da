/**
 * Stryker needs Jest's own runtime, which loads the mutated copies of the sources.
 * @type {import("jest").Config}
 */
const mutationConfig = {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: {
    "\\.ts$": ["@swc/jest", { jsc: { parser: { syntax: "typescript" }, target: "es2024" }, module: { type: "es6" } }],
  },
  modulePathIgnorePatterns: ["<rootDir>/cdk.out", "<rootDir>/.local", "<rootDir>/dist"],
  testMatch: ["<rootDir>/test/mutation/all-at-once.ts"],
};

export default mutationConfig;
