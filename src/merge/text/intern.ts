/** Numbers for strings: equal strings have the same number, through all sequences of one table. */
export function createInterner(): (items: readonly string[]) => Int32Array {
  const numbers = new Map<string, number>();
  return (items) => {
    const interned = new Int32Array(items.length);
    for (const [at, item] of items.entries()) {
      let number = numbers.get(item);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(item, number);
      }
      interned[at] = number;
    }
    return interned;
  };
}
