/** Calls until it succeeds, at most `tries` times, with a pause in between. */
export async function retry(call, { tries = 3, pauseMs = 100 } = {}) {
  let last;
  for (let attempt = 1; attempt <= tries; attempt += 1) {
    try {
      return await call(attempt);
    } catch (error) {
      last = error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
  throw last;
}
