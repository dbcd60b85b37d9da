/** Why the local stack cannot start, in one line fit for a terminal. */
export class StartUpError extends Error {
  override readonly name = "StartUpError";
}
