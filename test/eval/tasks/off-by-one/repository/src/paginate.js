/** How many pages there are. */
export function pageCount(total, size) {
  return Math.floor(total / size);
}

/** The entries of a page; the first page is 1. */
export function page(entries, number, size) {
  const start = (number - 1) * size;
  return entries.slice(start, start + size);
}
