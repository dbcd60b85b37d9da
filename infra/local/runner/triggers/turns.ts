/**
 * Whether a schedule fires in its next turn: always while the stack is used, else once in `oneTurnIn` turns.
 */
export function createTurns(isIdle: () => boolean, oneTurnIn: number): () => boolean {
  let skipped = 0;
  return () => {
    if (isIdle() && ++skipped < oneTurnIn) return false;
    skipped = 0;
    return true;
  };
}
