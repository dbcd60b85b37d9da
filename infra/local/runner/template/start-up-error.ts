/** Why the local stack cannot start: one line for the terminal. */
export class StartUpError extends Error {
  override readonly name = "StartUpError";
}
