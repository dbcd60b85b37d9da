import { constants, existsSync } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import * as z from "zod";
import { escapeControls } from "../../functions/core/shared/text.ts";
import { Failure } from "../failure.ts";
import { openPrivateFile, restart } from "./private-file.ts";

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
  const saved = existsSync(progress) ? await readProgress(progress) : undefined;
  if (saved !== undefined && saved.identity !== identity) {
    throw new Failure(
      "usage",
      `${part} is of an export with another tracker, issuer or options: ${restart}, or repeat that export`,
    );
  }
  const handle = await openPart(part, saved?.bytes).catch((error: NodeJS.ErrnoException) => {
    if (error.code === undefined) throw error;
    throw new Failure("usage", `${part} cannot be opened (${error.code})${saved === undefined ? "" : `: ${restart}`}`);
  });
  let bytes = saved?.bytes ?? 0;
  return {
    resumesAt: saved,
    async write(text, position) {
      await handle.appendFile(text);
      await handle.datasync();
      bytes += Buffer.byteLength(text);
      await rm(`${progress}.new`, { force: true });
      const saving = await open(`${progress}.new`, "wx", 0o600);
      try {
        await saving.writeFile(JSON.stringify({ identity, bytes, ...position }));
        await saving.datasync();
      } finally {
        await saving.close();
      }
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

/** A new file, or the one of an interrupted export, without what was written after the saved position. */
async function openPart(part: string, savedBytes: number | undefined): Promise<FileHandle> {
  if (savedBytes === undefined) {
    await rm(part, { force: true });
    return open(part, "wx", 0o600);
  }
  const handle = await openPrivateFile(part, constants.O_WRONLY | constants.O_APPEND);
  if ((await handle.stat()).size >= savedBytes) {
    await handle.truncate(savedBytes);
    return handle;
  }
  await handle.close();
  throw new Failure("usage", `${part} is shorter than its saved position: ${restart}`);
}

async function readProgress(file: string): Promise<z.output<typeof savedProgress>> {
  const handle = await openPrivateFile(file, constants.O_RDONLY);
  const text = await handle.readFile("utf8").finally(() => handle.close());
  try {
    return savedProgress.parse(JSON.parse(text));
  } catch {
    throw new Failure("usage", `${file} is not the position of an export: ${restart}`);
  }
}

/** A stream, which cannot be resumed. On a terminal, control characters are escaped. */
export function exportStream(stream: NodeJS.WriteStream): ExportTarget {
  const write = (text: string) =>
    new Promise<void>((resolve, reject) => {
      stream.write(stream.isTTY ? escapeControls(text) : text, (error) => (error == null ? resolve() : reject(error)));
    });
  return { resumesAt: undefined, write, finish: write, close: async () => {} };
}
