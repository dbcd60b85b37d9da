import { readFileSync } from "node:fs";
import { SourceMap } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * Makes stack traces name the sources. Node's own `--enable-source-maps` parses all source maps at start. This reads
 * the map of a file with the first stack trace through it. The bundler puts it at the start of each function.
 */
const maps = new Map<string, SourceMap | undefined>();

function mapOf(file: string): SourceMap | undefined {
  if (!maps.has(file)) maps.set(file, readMap(file));
  return maps.get(file);
}

/** A file of the bundle has its map beside it. Node's own files have none. */
function readMap(file: string): SourceMap | undefined {
  if (!file.startsWith("file:")) return undefined;
  try {
    return new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(file)}.map`, "utf8")));
  } catch {
    return undefined;
  }
}

function describeFrame(frame: NodeJS.CallSite, caller: NodeJS.CallSite | undefined): string {
  const [text, place, origin] = [String(frame), placeOf(frame), originOf(frame)];
  if (origin?.fileName === undefined) return text;
  const source = fileURLToPath(new URL(origin.fileName, frame.getFileName() ?? undefined));
  const inSource = text.replace(place, `${source}:${origin.lineNumber}:${origin.columnNumber}`);
  // The call names the function as it is called in the source.
  const [name, sourceName] = [frame.getFunctionName(), caller && originOf(caller)?.name];
  return name && sourceName ? inSource.replace(name, sourceName) : inSource;
}

function placeOf(frame: NodeJS.CallSite): string {
  return `${frame.getFileName()}:${frame.getLineNumber()}:${frame.getColumnNumber()}`;
}

function originOf(frame: NodeJS.CallSite) {
  const [line, column] = [frame.getLineNumber(), frame.getColumnNumber()];
  if (line === null || column === null) return undefined;
  const origin = mapOf(frame.getFileName() ?? "")?.findOrigin(line, column);
  return origin !== undefined && "fileName" in origin ? origin : undefined;
}

// https://v8.dev/docs/stack-trace-api#customizing-stack-traces
Error.prepareStackTrace = (error, frames) =>
  [
    Error.prototype.toString.call(error),
    ...frames.map((frame, place) => `    at ${describeFrame(frame, frames[place + 1])}`),
  ].join("\n");
