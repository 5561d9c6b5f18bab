/** Between 1 for what one file has and a little above 0 for what all have. */
export function rarityOf(holders: number, files: number): number {
  if (files <= 1) return 1;
  return Math.max(0.05, 1 - Math.log(Math.max(1, holders)) / Math.log(files + 1));
}
