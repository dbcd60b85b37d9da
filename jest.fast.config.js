import config from "./jest.config.js";
import { slowTests } from "./test/support/jest/slow-tests.ts";

/**
 * The tests of the project `parts` that are fast.
 * @type {import("jest").Config}
 */
const fastConfig = {
  ...config,
  projects: config.projects
    .filter(({ displayName }) => displayName === "parts")
    .map((parts) => ({ ...parts, testPathIgnorePatterns: [...parts.testPathIgnorePatterns, ...slowTests] })),
};

export default fastConfig;
