import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

const bin = join(import.meta.dirname, "../../../node_modules/.bin");

/**
 * Runs programs in a user's environment: our Node.js, without our sources and npm script settings.
 *
 * @param folder where they run by default
 */
export function programsIn(folder: string) {
  return (program: string, args: readonly string[], cwd = folder) => {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const own = Object.entries(env).filter(
      ([name]) => !/^npm_(package|lifecycle)_|^npm_config_local_prefix$/.test(name),
    );
    return promisify(execFile)(program, [...args], {
      cwd,
      // `cdk synth` sets CDK_OUTDIR. npx must run the installed program and fetch nothing.
      env: { ...Object.fromEntries(own), PATH: `${bin}:${env.PATH}`, CDK_OUTDIR: "cdk.out", npm_config_yes: "false" },
    });
  };
}
