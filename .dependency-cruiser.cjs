// Who may import whom. Each rule says what a layer may reach; whatever else it reaches for is an error.

const core = "^functions/core/";
const adapters = "^functions/adapters/";
const platform = "^functions/platform/";
const functionFolder = "^functions/(?!core/|adapters/|platform/|console/)([^/]+)/";
const logic = `${functionFolder}(?!handler\\.ts$|environment\\.ts$)`;
const npm = (...names) => `(^|/)node_modules/(${names.join("|")})/`;
const anyPackage = "(^|/)node_modules/";

/**
 * The subjects of functions/core, lowest first. A subject may import itself and the subjects that are listed for it; so
 * imports between subjects run one way.
 */
const subjects = [
  "shared",
  "kard",
  "events",
  "audits",
  "subscriptions",
  "notifications",
  "publishing",
  "tracking",
  "stats",
];
const mayReach = {
  ...Object.fromEntries(subjects.map((subject, i) => [subject, subjects.slice(0, i)])),
  access: ["shared"],
};
const subjectRules = Object.entries(mayReach).map(([subject, lower]) => ({
  name: `core-${subject}-imports-downwards`,
  severity: "error",
  from: { path: `${core}${subject}/` },
  to: { path: core, pathNot: [subject, ...lower].map((name) => `${core}${name}/`) },
}));

/** Local entry points that act as an operator's client of the running system. */
const operators = "^infra/commands/|^infra/local/(local-api-key\\.ts$|local-kard\\.ts$|demo/)";

/**
 * The folders of the local runner, lowest first: each may import itself and the folders before it. The composition,
 * `local-stack.ts`, is above all of them.
 */
const runnerFolders = ["template", "protocol", "iam", "services", "aws-proxy", "lambda", "triggers"];
const runnerRules = runnerFolders.map((folder, place) => ({
  name: `runner-${folder}-imports-no-higher-folder`,
  severity: "error",
  from: { path: `^infra/local/runner/${folder}/` },
  to: {
    path: "^infra/local/runner/",
    pathNot: runnerFolders.slice(0, place + 1).map((lower) => `^infra/local/runner/${lower}/`),
  },
}));

/** @type {import("dependency-cruiser").IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: "core-is-pure",
      comment:
        "core reaches core, zod, lru-cache with a clock that it is given, and the hashes and checksums of node:crypto and node:zlib, which are functions of their input.",
      severity: "error",
      from: { path: core },
      to: { pathNot: [core, npm("zod", "lru-cache"), "^(crypto|zlib)$"] },
    },
    ...subjectRules,
    {
      name: "core-files-have-a-subject",
      severity: "error",
      from: {},
      to: { path: `${core}[^/]+\\.ts$` },
    },
    {
      name: "adapters-reach-core-and-their-sdk",
      severity: "error",
      from: { path: adapters },
      to: { path: "^(functions|infra)/", pathNot: [core, adapters] },
    },
    {
      name: "adapters-know-no-lambda",
      comment: "middy and Powertools belong to platform.",
      severity: "error",
      from: { path: adapters },
      to: { path: npm("@middy", "@aws-lambda-powertools") },
    },
    {
      name: "platform-knows-no-domain",
      comment: "But for the type of a caller and the shape of an error.",
      severity: "error",
      from: { path: platform },
      to: {
        path: "^(functions|infra)/",
        pathNot: [platform, "^functions/core/(access/caller|shared/json-api-error)\\.ts$"],
      },
    },
    {
      name: "platform-packages",
      severity: "error",
      from: { path: platform },
      to: { path: anyPackage, pathNot: npm("@middy", "@aws-lambda-powertools", "@types/aws-lambda", "zod") },
    },
    {
      name: "logic-reaches-core",
      comment:
        "The logic of a function sees core, its own folder, and the shapes of HTTP; everything else comes in as a dependency.",
      severity: "error",
      from: { path: logic },
      to: {
        path: "^(functions|infra)/",
        pathNot: [
          core,
          "^functions/$1/",
          "^functions/platform/(form-body|http|http-error|http-response|json-body)\\.ts$",
        ],
      },
    },
    {
      name: "logic-packages",
      severity: "error",
      from: { path: logic },
      to: { path: anyPackage, pathNot: npm("zod", "p-map") },
    },
    {
      name: "environment-is-composed",
      comment: "A function's environment is put together from the adapters' and nothing else.",
      severity: "error",
      from: { path: `${functionFolder}environment\\.ts$` },
      to: { pathNot: ["^functions/adapters/environment\\.ts$", npm("zod")] },
    },
    {
      name: "handler-wires-its-own-folder",
      severity: "error",
      from: { path: `${functionFolder}handler\\.ts$` },
      to: { path: "^(functions|infra)/", pathNot: [core, adapters, platform, "^functions/$1/"] },
    },
    {
      name: "console-runs-in-browsers",
      comment:
        "The console is a client of the public API. It shares only Kard's codes and the form of lists with the functions.",
      severity: "error",
      from: { path: "^functions/console/" },
      to: {
        pathNot: [
          "^functions/console/",
          "^functions/core/kard/resolution-(meanings|codes)\\.ts$",
          "^functions/core/shared/list-values\\.ts$",
          npm("preact", "@preact"),
        ],
      },
    },
    {
      name: "console-logic-is-pure",
      comment: "What the console computes is tested without a browser.",
      severity: "error",
      from: { path: "^functions/console/logic/" },
      to: { pathNot: ["^functions/console/(logic/|call\\.ts$|openapi\\.ts$)", "^functions/core/(kard|shared)/"] },
    },
    {
      name: "only-browsers-run-the-console",
      severity: "error",
      from: { pathNot: "^(functions/console|test)/" },
      to: { path: "^functions/console/" },
    },
    {
      name: "infra-reads-types-only",
      comment:
        "What is deployed is described by the functions' types; infra never runs their code. Only the operators do.",
      severity: "error",
      from: { path: "^infra/", pathNot: [operators, "^infra/config/"] },
      to: { path: "^functions/", dependencyTypesNot: ["type-only"] },
    },
    {
      name: "config-validates-what-it-hands-on",
      comment: "A wrong poll plan, identity provider or account fails at synth and not at the first cold start.",
      severity: "error",
      from: { path: "^infra/config/" },
      to: {
        path: "^functions/",
        pathNot:
          "^functions/core/(tracking/(poll-plan|follow-up)|access/identity-provider|events/events|shared/text|subscriptions/(aws-target|private-targets))\\.ts$",
      },
    },
    {
      name: "operators-reach-core-and-adapters",
      severity: "error",
      from: { path: operators, pathNot: "^infra/commands/contract/" },
      to: { path: "^functions/", pathNot: [core, adapters], dependencyTypesNot: ["type-only"] },
    },
    {
      name: "contract-reaches-shapes",
      comment:
        "What is published comes from the schemas by which the functions read and answer, and from nothing else of them.",
      severity: "error",
      from: { path: "^infra/commands/contract/" },
      to: {
        path: "^functions/",
        pathNot: [
          core,
          "^functions/[^/]+/(.+-(input|shapes)|routes|audit-update)\\.ts$",
          "^functions/platform/http-error\\.ts$",
        ],
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "stack-knows-no-local-runner",
      severity: "error",
      from: { path: "^infra/", pathNot: "^infra/(local|commands)/" },
      to: { path: "^infra/local/" },
    },
    {
      name: "runner-knows-no-product",
      comment: "The runner runs any CloudFormation template: it imports packages, Node.js and itself.",
      severity: "error",
      from: { path: "^infra/local/runner/" },
      to: { path: "^(cli|functions|infra|test)/|kard", pathNot: "^infra/local/runner/" },
    },
    ...runnerRules,
    {
      name: "command-line-reaches-the-interface",
      comment:
        "The command line knows the API by the schemas that are published; only operators' commands reach the table.",
      severity: "error",
      from: { path: "^cli/" },
      to: {
        path: "^(functions|infra)/",
        pathNot: [
          "^functions/core/",
          "^functions/adapters/http/retry-after\\.ts$",
          "^functions/[^/]+/.+-(input|shapes)\\.ts$",
          "^functions/platform/http-error\\.ts$",
          "^functions/[^/]+/routes\\.ts$",
          "^infra/commands/[^/]+/run-[^/]+\\.ts$",
        ],
      },
    },
    {
      name: "receivers-reach-events-and-signatures",
      comment: "What receivers of webhooks import is small, and needs no other part of the tracker.",
      severity: "error",
      from: { path: "^webhooks/" },
      to: {
        path: "^(cli|functions|infra)/",
        pathNot: "^functions/core/kard/kard-signature\\.ts$",
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "only-tests-reach-tests",
      severity: "error",
      from: { pathNot: "^test/" },
      to: { path: "^test/" },
    },
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "no-orphans",
      comment: "The bundler puts some modules in the place of packages.",
      severity: "error",
      from: {
        orphan: true,
        pathNot: [
          ...["^functions/console/main\\.tsx$", "\\.test\\.ts$", "\\.d\\.ts$"],
          `${adapters}(aws/(lambda-credentials|no-default-handler)\\.ts|http/no-http2\\.cjs)$`,
        ],
      },
      to: {},
    },
    { name: "resolvable", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    // dependency-cruiser reads TypeScript up to 6; swc reads what TypeScript 7 reads and tells type-only imports apart.
    parser: "swc",
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["^cdk\\.out/", "^\\.local/"] },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["types", "import", "node", "default", "require"],
      mainFields: ["module", "main", "types"],
    },
  },
};
