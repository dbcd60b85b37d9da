import { constants, existsSync } from "node:fs";
import { open, rename, rm, writeFile } from "node:fs/promises";
import * as z from "zod";
import { escapeControls } from "../../functions/core/shared/text.ts";
import { Failure } from "../failure.ts";
import { openPrivateFile } from "./private-file.ts";

/** The position of an export. */
export interface ExportPosition {
  /** Path and query of the next page; null after the last. */
  next: string | null;
  count: number;
}

/** The output of an export. */
export interface ExportTarget {
  /** The position at which an interrupted export continues; `undefined` for a new one. */
  resumesAt: ExportPosition | undefined;
  /** Writes a part and saves the position after it. */
  write(text: string, position: ExportPosition): Promise<void>;
  /** Writes the end. */
  finish(tail: string): Promise<void>;
  close(): Promise<void>;
}

const savedProgress = z.object({
  identity: z.string(),
  bytes: z.int(),
  next: z.string().nullable(),
  count: z.int(),
});

/**
 * A file for a resumable export. It is written as `….part`, with its position in `….progress`, and renamed when it is
 * complete.
 *
 * @param identity identifies the export and its options; only the same export can continue
 * @throws Failure (usage) if the file exists, belongs to another export, or could be another user's
 */
export async function openExportFile(file: string, identity: string): Promise<ExportTarget> {
  const [part, progress] = [`${file}.part`, `${file}.progress`];
  if (existsSync(file)) throw new Failure("usage", `${file} exists: give another name, or remove it`);
  const saved = existsSync(progress) ? savedProgress.parse(JSON.parse(await readPrivate(progress))) : undefined;
  if (saved !== undefined && saved.identity !== identity) {
    throw new Failure(
      "usage",
      `${part} is of an export with other options: remove ${progress}, or repeat those options`,
    );
  }
  if (saved === undefined) await rm(part, { force: true });
  const handle =
    saved === undefined
      ? await open(part, "wx", 0o600)
      : await openPrivateFile(part, constants.O_WRONLY | constants.O_APPEND);
  // Anything written after the last saved position is written again.
  if (saved !== undefined) await handle.truncate(saved.bytes);
  let bytes = saved?.bytes ?? 0;
  return {
    resumesAt: saved,
    async write(text, position) {
      await handle.appendFile(text);
      await handle.datasync();
      bytes += Buffer.byteLength(text);
      await rm(`${progress}.new`, { force: true });
      const saving = JSON.stringify({ identity, bytes, ...position });
      await writeFile(`${progress}.new`, saving, { mode: 0o600, flag: "wx" });
      await rename(`${progress}.new`, progress);
    },
    async finish(tail) {
      await handle.appendFile(tail);
      await handle.datasync();
      await rename(part, file);
      await rm(progress, { force: true });
    },
    close: () => handle.close(),
  };
}

async function readPrivate(file: string): Promise<string> {
  const handle = await openPrivateFile(file, constants.O_RDONLY);
  return handle.readFile("utf8").finally(() => handle.close());
}

/** A stream, which cannot be resumed. On a terminal, control characters are escaped. */
export function exportStream(stream: NodeJS.WriteStream): ExportTarget {
  const write = (text: string) =>
    new Promise<void>((resolve, reject) => {
      stream.write(stream.isTTY ? escapeControls(text) : text, (error) => (error == null ? resolve() : reject(error)));
    });
  return { resumesAt: undefined, write, finish: write, close: async () => {} };
}
