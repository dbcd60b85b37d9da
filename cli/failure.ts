/** Exit codes; they are documented in docs/cli.md. */
export const exitCode = {
  done: 0,
  /** Kard or the tracker refused something, or a check failed. */
  refused: 1,
  /** The command line, a file or the settings are invalid. Nothing was sent. */
  usage: 2,
  /** The tracker could not be reached, or refused the key. */
  unreachable: 3,
  /** The timeout passed. */
  unsettled: 4,
} as const;

/** Ends the program with a message. */
export class Failure extends Error {
  readonly exitCode: number;
  private readonly kind: Exclude<keyof typeof exitCode, "done">;

  constructor(kind: Exclude<keyof typeof exitCode, "done">, message: string) {
    super(message);
    this.kind = kind;
    this.exitCode = exitCode[kind];
  }

  /** The same failure, with what was done before it. */
  after(done: string): Failure {
    return new Failure(this.kind, `${this.message} (after ${done})`);
  }
}
