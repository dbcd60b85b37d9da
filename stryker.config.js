/**
 * Mutants of functions/core: `npm run mutation`. The options are of
 * https://stryker-mutator.io/docs/stryker-js/configuration
 */
export default {
  mutate: ["functions/core/**/*.ts"],
  testRunner: "jest",
  testRunnerNodeArgs: ["--experimental-vm-modules", "--disable-warning=ExperimentalWarning"],
  jest: { configFile: "jest.mutation.config.js", enableFindRelatedTests: false },
  coverageAnalysis: "perTest",
  // What acts while a module loads (schemas, constants) concerns every test: each such mutant would run them all.
  ignoreStatic: true,
  // Jest leaves behind the modules of each run.
  maxTestRunnerReuse: 100,
  concurrency: 1,
  // Stryker would rewrite tsconfig.json by an interface that TypeScript 7 does not have; swc does not read it.
  ignorePatterns: [".local", "cdk.out", "/dist", "/examples", "tsconfig.json"],
  tempDirName: ".local/mutation-sandbox",
  incrementalFile: ".local/mutation/incremental.json",
  reporters: ["clear-text", "progress", "html"],
  htmlReporter: { fileName: ".local/mutation/report.html" },
  thresholds: { high: 95, low: 85, break: 85 },
};
