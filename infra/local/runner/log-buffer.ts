import type { LogLine } from "./lambda/execution-environment.ts";

/** The latest log lines of the functions. */
export interface LogBuffer {
  /** Oldest first: at most 11,000. */
  readonly lines: readonly LogLine[];
  write(line: LogLine): void;
}

const keptLines = 10_000;

/** @param onLog receives every line. */
export function createLogBuffer(onLog: (line: LogLine) => void = () => {}): LogBuffer {
  const lines: LogLine[] = [];
  return {
    lines,
    write(line) {
      lines.push(line);
      if (lines.length > keptLines * 1.1) lines.splice(0, lines.length - keptLines);
      onLog(line);
    },
  };
}
