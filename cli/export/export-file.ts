import { existsSync } from "node:fs";
import { open, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { z } from "zod";
import { escapeControls } from "../../functions/core/shared/text.ts";
import { Failure } from "../failure.ts";

/** How far an export has come. */
export interface ExportPosition {
  /** Path and query of the next page; null after the last. */
  next: string | null;
  count: number;
}

/** Where an export is written to. */
export interface ExportTarget {
  /** Where an interrupted export goes on; `undefined` for a new one. */
  resumesAt: ExportPosition | undefined;
  /** Writes a piece, after which the export stands at a position. */
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
 * A file that an interrupted export can go on with: it is written as `….part`, with its position in `….progress`, and
 * gets its name when it is complete.
 *
 * @param identity what is exported and how, as only the same export can go on
 * @throws Failure (usage) where the file exists, or another export has begun it
 */
export async function openExportFile(file: string, identity: string): Promise<ExportTarget> {
  const [part, progress] = [`${file}.part`, `${file}.progress`];
  if (existsSync(file)) throw new Failure("usage", `${file} exists: give another name, or remove it`);
  const saved = existsSync(progress) ? savedProgress.parse(JSON.parse(await readFile(progress, "utf8"))) : undefined;
  if (saved !== undefined && saved.identity !== identity) {
    throw new Failure(
      "usage",
      `${part} is of an export with other options: remove ${progress}, or repeat those options`,
    );
  }
  // What was written after the position was saved is written again.
  if (saved !== undefined) await truncate(part, saved.bytes);
  const handle = await open(part, saved === undefined ? "w" : "a", 0o600);
  let bytes = saved?.bytes ?? 0;
  return {
    resumesAt: saved,
    async write(text, position) {
      await handle.appendFile(text);
      await handle.datasync();
      bytes += Buffer.byteLength(text);
      await writeFile(`${progress}.new`, JSON.stringify({ identity, bytes, ...position }), { mode: 0o600 });
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

/** A stream, on which an export cannot go on later. On a terminal, control characters are escaped. */
export function exportStream(stream: NodeJS.WriteStream): ExportTarget {
  const write = (text: string) =>
    new Promise<void>((resolve, reject) => {
      stream.write(stream.isTTY ? escapeControls(text) : text, (error) => (error == null ? resolve() : reject(error)));
    });
  return { resumesAt: undefined, write, finish: write, close: async () => {} };
}
