/** Does work with what it starts. Whatever it deferred is stopped at the end, also after an error. */
export async function whileRunning<Result>(work: (running: AsyncDisposableStack) => Promise<Result>): Promise<Result> {
  const running = new AsyncDisposableStack();
  try {
    return await work(running);
  } finally {
    await running.disposeAsync();
  }
}
