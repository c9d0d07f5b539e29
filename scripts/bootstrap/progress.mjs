/**
 * Prints one line per step, with its duration: `  pnpm 10.34.9   installed in 2.1 s`.
 * @template T
 * @param {string} name @param {string} doing what a person reads while waiting
 * @param {() => Promise<{ done: string, result: T }>} work
 * @returns {Promise<T>}
 */
export async function step(name, doing, work) {
  const label = `  ${name.padEnd(16)}`;
  const startedAt = Date.now();
  if (process.stdout.isTTY) process.stdout.write(`${label}${doing} …`);
  else console.log(`${label}${doing} …`);
  try {
    const { done, result } = await work();
    const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    console.log(`${process.stdout.isTTY ? '\r\u001b[2K' : ''}${label}${done} in ${seconds} s`);
    return result;
  } catch (error) {
    console.log(`${process.stdout.isTTY ? '\r\u001b[2K' : ''}${label}failed`);
    throw error;
  }
}

/** @param {string} name @param {string} state */
export function alreadyDone(name, state) {
  console.log(`  ${name.padEnd(16)}${state}`);
}
