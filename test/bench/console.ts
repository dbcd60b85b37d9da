import { startBrowser } from "../support/console/browser.ts";
import { startConsoleServer } from "../support/console/console-server.ts";
import { addAudits, moveThrough, scrollToEnd } from "../support/console/long-list.ts";
import { openConsole } from "../support/console/start-console.ts";

const count = 10_000;
const rounds = 5;

/** Moves through a list of 10,000 disputes in a browser, which measures its own interactions and long tasks. */
export async function benchConsole(progress: (line: string) => void) {
  const [server, browser] = await Promise.all([startConsoleServer(), startBrowser()]);
  try {
    progress(`storing ${count} audits, and loading their list`);
    await addAudits(server, count);
    const running = { server, browser, key: await server.newKey(), stop: async () => undefined };
    const { page } = await openConsole(running, { at: "disputes" });
    await scrollToEnd(page, count);
    await page.keyboard.press("Home");
    await page.locator("tr[data-row='0']").waitFor();
    const movements = [];
    for (let round = 0; round < rounds; round++) {
      progress(`moving through it, round ${round + 1} of ${rounds}`);
      movements.push(await moveThrough(page));
    }
    const slowestMs = Math.max(...movements.map((movement) => movement.slowestMs));
    const longTasks = movements.flatMap((movement) => movement.longTasks);
    const interactions = movements.reduce((sum, movement) => sum + movement.interactions, 0);
    const longestTaskMs = Math.max(0, ...longTasks);
    console.log(
      `${count} disputes: slowest interaction ${slowestMs} ms of ${interactions} of 16 ms and more, ` +
        `${longTasks.length} tasks of more than 50 ms, the longest ${longestTaskMs} ms`,
    );
    return { count, slowestMs, interactions, longTasks: longTasks.length, longestTaskMs };
  } finally {
    await browser.close();
    await server.stop();
  }
}
