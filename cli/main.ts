#!/usr/bin/env node
import { CommanderError } from "commander";
import { escapeControls } from "../functions/core/shared/text.ts";
import packageJson from "../package.json" with { type: "json" };
import { exitCode, Failure } from "./failure.ts";
import { program } from "./program.ts";

// The reader of a pipe may end first, as in `| head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

// Notes and progress are lost then. The command goes on.
process.stderr.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
});

// Standard output has only results, for use by programs.
try {
  await program(packageJson.version, process.env).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has already printed the error or the help.
    process.exitCode = error.exitCode === 0 ? exitCode.done : exitCode.usage;
  } else if (error instanceof Failure) {
    console.error(escapeControls(error.message));
    process.exitCode = error.exitCode;
  } else throw error;
}
