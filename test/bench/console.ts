import { startBrowser } from "../support/console/browser.ts";
import { startConsoleServer } from "../support/console/console-server.ts";
import { addAudits, type Movement, moveThrough, scrollToEnd } from "../support/console/long-list.ts";
import { openConsole } from "../support/console/start-console.ts";

const count = 10_000;
const rounds = 3;

/**
 * Moves through a list of 10,000 disputes in a browser, which measures its own interactions and long tasks. An empty
 * page beside it shows what the machine's other work costs.
 */
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
    const empty = await browser.newPage();
    await empty.setContent('<body style="height: 600000px">');
    const ofList: Movement[] = [];
    const ofEmpty: Movement[] = [];
    for (let round = 0; round < rounds; round++) {
      progress(`moving through it and through an empty page, round ${round + 1} of ${rounds}`);
      await page.bringToFront();
      ofList.push(await moveThrough(page));
      await empty.bringToFront();
      ofEmpty.push(await moveThrough(empty));
    }
    return { count, list: summarize(ofList), emptyPage: summarize(ofEmpty) };
  } finally {
    await browser.close();
    await server.stop();
  }
}

function summarize(movements: readonly Movement[]) {
  return {
    slowestMs: Math.max(...movements.map(({ slowestMs }) => slowestMs)),
    longTasks: movements.reduce((sum, { longTasks }) => sum + longTasks.length, 0),
    workMs: Math.round((10 * movements.reduce((sum, { workMs }) => sum + workMs, 0)) / movements.length) / 10,
  };
}
