/** How much more than `npm test` the random tests play: CI sets TEST_SHARE. */
export const share = Number(process.env.TEST_SHARE ?? 1);
