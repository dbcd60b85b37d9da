import { Failure } from "../failure.ts";

/**
 * Decodes a file. Without `encoding` it is UTF-8, or as its byte order mark says.
 *
 * @param file its name, for messages
 * @param encoding a label of the Encoding Standard, such as `windows-1252` (https://encoding.spec.whatwg.org/)
 * @throws Failure (usage) with the position of the first invalid byte
 */
export function decodeText(file: string, bytes: Uint8Array, encoding: string | undefined): string {
  const label = encoding ?? encodingByMark(bytes) ?? "utf-8";
  const decoder = decoderOf(label);
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    const place = decoder.encoding === "utf-8" ? `: ${placeOfFault(bytes)}` : "";
    throw new Failure("usage", `${file} is not ${label.toUpperCase()}${place}. ${advice}`);
  }
  if (!text.includes("\0")) return text;
  throw new Failure("usage", `${file} has NUL characters, so it is not ${label.toUpperCase()} text. ${advice}`);
}

const advice = "Save it as UTF-8, or name its encoding, for example --encoding windows-1252 or --encoding utf-16le.";

function decoderOf(label: string) {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    throw new Failure("usage", `--encoding ${label} is unknown; use utf-8, utf-16le, windows-1252 or another one`);
  }
}

function encodingByMark([first, second]: Uint8Array): string | undefined {
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : undefined;
}

/** The position of the first byte that is not UTF-8: its number from 1, its line and its value. */
function placeOfFault(bytes: Uint8Array): string {
  const lenient = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = lenient.toString("utf8");
  let offset = 0;
  for (const part of text.split("\ufffd")) {
    offset += Buffer.byteLength(part);
    // The file may contain a replacement character itself.
    if (lenient.subarray(offset, offset + 3).toString("latin1") !== "\xef\xbf\xbd") break;
    offset += 3;
  }
  const line = lenient.subarray(0, offset).filter((byte) => byte === 0x0a).length + 1;
  return `byte ${offset + 1}, in line ${line}, is 0x${lenient[offset]?.toString(16).padStart(2, "0")}`;
}
