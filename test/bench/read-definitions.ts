import { readRoles } from "../../infra/local/runner/iam/roles.ts";
import { type FunctionDefinition, readFunctions } from "../../infra/local/runner/lambda/function-definition.ts";
import { loadAssembly } from "../../infra/local/runner/template/assembly.ts";
import { resolveStack } from "../../infra/local/runner/template/stack-resources.ts";

/** The functions of a synthesized template, with their bundles and environments. */
export function readDefinitions(assemblyDir: string, awsEndpoint: string): FunctionDefinition[] {
  const assembly = loadAssembly(assemblyDir);
  const stack = resolveStack(assembly, {
    ...{ partition: "aws", region: assembly.region, account: "000000000000" },
    ...{ awsEndpoint, apiUrl: "http://api.invalid" },
  });
  return readFunctions(stack, assembly.assetDirs, readRoles(stack));
}
