import { Command } from "commander";
import { escapeControls } from "../functions/core/shared/text.ts";
import { connect } from "./api/api.ts";
import { findConnection, givenOutputs, isUnencrypted } from "./api/connection.ts";
import { auditCommands } from "./commands/audit-commands.ts";
import { listenCommand } from "./commands/listen-command.ts";
import { notificationCommands } from "./commands/notification-commands.ts";
import { smokeCommand } from "./commands/smoke-command.ts";
import { statsCommand } from "./commands/stats-command.ts";
import { submitCommand } from "./commands/submit-command.ts";
import { subscriptionCommands } from "./commands/subscription-commands.ts";
import { triggerCommand } from "./commands/trigger-command.ts";
import { updateCommand } from "./commands/update-command.ts";
import { exportCommand } from "./export/export-command.ts";
import type { Terminal } from "./output/terminal.ts";

const settings = `
Set the tracker with KARD_AUDITS_URL, KARD_AUDITS_KEY and KARD_AUDITS_ORGANIZATION, or with --outputs FILE (of cdk deploy
--outputs-file) and the latter two. Without any of these, the local stack of npm start in this folder is used.

Exit codes: 0 success, 1 something was refused, 2 an invalid command line, file or setting, 3 the tracker could not be
reached or refused the key, 4 timeout, 129, 130 or 143 interrupted by a signal.
`;

/** The whole command line. `version` is the package's. */
export function program(version: string, environment: NodeJS.ProcessEnv): Command {
  const root = new Command("kard-audits")
    .description("Submits audits to a kard-audit-tracker, watches them, and manages webhooks.")
    .version(version)
    .option("--outputs <file>", "the outputs file of a tracker's stack")
    .option("--json", "print JSON for programs")
    .showHelpAfterError("(see --help)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => process.stdout.write(escapeControls(text)),
      writeErr: (text) => process.stderr.write(escapeControls(text)),
    })
    .addHelpText("after", settings);

  let isWarned = false;
  const terminal: Terminal = {
    api(timing) {
      const connection = findConnection(environment, root.opts<{ outputs?: string }>().outputs);
      if (isUnencrypted(connection.url) && !isWarned) {
        terminal.note(`warning: the API key is sent unencrypted to ${connection.url}; use https`);
        isWarned = true;
      }
      return connect(connection, timing);
    },
    print(value, text) {
      console.log(escapeControls(terminal.isJson() ? JSON.stringify(value, undefined, 2) : text));
    },
    printLine(value, text) {
      console.log(escapeControls(terminal.isJson() ? JSON.stringify(value) : text));
    },
    note: (text) => console.error(escapeControls(text)),
    isJson: () => root.opts<{ json?: boolean }>().json === true,
  };
  submitCommand(root, terminal);
  auditCommands(root, terminal);
  exportCommand(root, terminal);
  updateCommand(root, terminal);
  statsCommand(root, terminal);
  subscriptionCommands(root, terminal);
  notificationCommands(root, terminal);
  listenCommand(root, terminal, environment);
  triggerCommand(root, terminal, environment);
  smokeCommand(root, terminal, () => givenOutputs(environment, root.opts<{ outputs?: string }>().outputs));

  // These use the table with AWS credentials. Their code is loaded only for them.
  operatorCommand(root, "keys", "creates, lists, rotates and revokes API keys (keys --help)", async () => {
    const { runKeys } = await import("../infra/commands/keys/run-keys.ts");
    return runKeys;
  });
  operatorCommand(root, "users", "exports or erases a user's data (users --help)", async () => {
    const { runUsers } = await import("../infra/commands/users/run-users.ts");
    return runUsers;
  });
  operatorCommand(root, "kard-subscribe", "subscribes to Kard's pushes (kard-subscribe --help)", async () => {
    const { runKardSubscribe } = await import("../infra/commands/kard-subscribe/run-kard-subscribe.ts");
    return runKardSubscribe;
  });
  return root;
}

type Run = (args: readonly string[], calledAs: string) => Promise<number>;

function operatorCommand(root: Command, name: string, description: string, load: () => Promise<Run>): void {
  root
    .command(name)
    .description(description)
    .argument("[args...]")
    .helpOption(false)
    .allowUnknownOption()
    .action(async (given: string[]) => {
      // Global options are passed on to this command.
      const { outputs, json } = root.opts<{ outputs?: string; json?: boolean }>();
      const args = [...given, ...(outputs === undefined ? [] : ["--outputs", outputs]), ...(json ? ["--json"] : [])];
      const run = await load();
      process.exitCode = await run(args, `kard-audits ${name}`);
    });
}
