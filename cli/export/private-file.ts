import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { Failure } from "../failure.ts";

/** How to start over if an export cannot be resumed. */
export const restart = "remove the .part and .progress files to start a new export";

/**
 * Opens an existing file that belongs to this user and is private: no other user may read or write it.
 *
 * @throws Failure (usage) for a symbolic link, and for a file that others own, read or write
 */
export async function openPrivateFile(file: string, flags: number): Promise<FileHandle> {
  const refusal = new Failure("usage", `${file} must be your own file with mode 600: ${restart}`);
  const handle = await open(file, flags | constants.O_NOFOLLOW).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ELOOP" ? refusal : error;
  });
  const { uid, mode } = await handle.stat();
  // Windows has neither users nor modes.
  if (process.getuid === undefined || (uid === process.getuid() && (mode & 0o077) === 0)) return handle;
  await handle.close();
  throw refusal;
}
