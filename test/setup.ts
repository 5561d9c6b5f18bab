/** Starts what the tests share. */
export default async function setup(): Promise<void> {}
