import config from "./jest.config.js";

const { displayName: _, ...parts } = config.projects.find(({ displayName }) => displayName === "parts") ?? {};

/** @type {import("jest").Config} */
const mutationConfig = { ...parts, testMatch: ["<rootDir>/test/mutation/all-at-once.ts"] };

export default mutationConfig;
