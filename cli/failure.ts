/** How the program ends; part of its interface (docs/cli.md). */
export const exitCode = {
  done: 0,
  /** Kard or the tracker refused something, or something is not as it should be. */
  refused: 1,
  /** The command line, a file or the settings are wrong; nothing was asked. */
  usage: 2,
  /** The tracker was not reached, or did not let the key in. */
  unreachable: 3,
  /** The time to wait was over. */
  unsettled: 4,
} as const;

/** Ends the program with a line for whoever called it. */
export class Failure extends Error {
  readonly exitCode: number;
  private readonly kind: Exclude<keyof typeof exitCode, "done">;

  constructor(kind: Exclude<keyof typeof exitCode, "done">, message: string) {
    super(message);
    this.kind = kind;
    this.exitCode = exitCode[kind];
  }

  /** The same failure, which says what was done before it. */
  after(done: string): Failure {
    return new Failure(this.kind, `${this.message} (after ${done})`);
  }
}
